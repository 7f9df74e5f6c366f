import { AsyncLocalStorage } from 'node:async_hooks';

/*
 * An answer that takes long is not given up as long as something comes: thinking shows in nothing but pings, which the
 * clients swallow, so the bytes are listened to where they arrive.
 */

/** Follows one request and its answer. */
export interface SilenceWatch {
  /** Aborts after `silenceMs` in which no byte came. */
  readonly signal: AbortSignal;
  /** Whether what came calls itself a web page. */
  readonly isWebPage: () => boolean;
  /** Runs what makes the request; only requests made in it are followed. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
}

interface Listener {
  readonly heard: () => void;
  readonly answered: (response: Response) => void;
}

const listeners = new AsyncLocalStorage<Listener>();

export function watchSilence(silenceMs: number): SilenceWatch {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let type = '';
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error('nothing came')), silenceMs);
  };
  const answered = (response: Response): void => {
    type = response.headers.get('content-type') ?? '';
    heard();
  };
  return {
    signal: abort.signal,
    isWebPage: () => type.startsWith('text/html'),
    during: async (work) => {
      heard();
      try {
        return await listeners.run({ heard, answered }, work);
      } finally {
        clearTimeout(timer);
        timer = undefined;
      }
    },
  };
}

/** The `fetch` that clients of model servers are given. */
export const listeningFetch: typeof fetch = async (input, init) => {
  const listener = listeners.getStore();
  const response = await fetch(input, init);
  if (listener === undefined) return response;
  listener.answered(response);
  if (response.body === null) return response;
  const tap = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      listener.heard();
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(tap), response);
};
