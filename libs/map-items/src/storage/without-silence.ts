import { mayWorkLater } from '../item-failure.js';

/** The bytes of an answer, as they come. A server that stops in the middle of them, or says nothing for too long, has failed. */
export async function* withoutSilence(
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
  silenceMs: number,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await beforeSilence(reader.read(), silenceMs).catch((thrown: unknown) => {
        signal.throwIfAborted();
        throw mayWorkLater(
          thrown === SILENT ? 'The storage stopped in the middle of its answer.' : 'The storage broke off its answer.',
        );
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever has enough leaves the rest; what was broken off is gone.
    await reader.cancel().catch(() => {});
  }
}

const SILENT = Symbol('silent');

async function beforeSilence<T>(work: Promise<T>, silenceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(SILENT), silenceMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
