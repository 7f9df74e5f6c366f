import { Json, TerminalError } from '@baton/contracts';
import type { HandleContext } from '@baton/worker';
import type { Settings } from './env.ts';

/** What workflows retry by its name: the service does not answer, or says that it cannot now. */
class ServiceBusy extends Error {
  override readonly name = 'ServiceBusy';
}

type Context = Pick<HandleContext, 'signal' | 'idempotencyKey' | 'runId' | 'heartbeat'>;

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_SHOWN = 500;
const SIGN_OF_LIFE_MS = 1_000;

/** Whether another try can help. */
const isBusy = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/**
 * Gives the arguments of a task to a service, and its answer back. The key is the same at every delivery of a task: a service that
 * keeps to it does the work once, also where this worker died before the answer was handed in. A retry by the workflow has another key.
 */
export async function callService(args: Json, context: Context, settings: Settings): Promise<Json> {
  const { signal, idempotencyKey, runId, heartbeat } = context;
  const { HTTP_SERVICE_URL: url, HTTP_SERVICE_HEADER: header } = settings;
  const colon = header?.indexOf(':') ?? -1;
  const secret = header === undefined ? {} : { [header.slice(0, colon)]: header.slice(colon + 1).trim() };
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
    'x-run-id': runId,
    ...secret,
  };
  const sign = setInterval(() => heartbeat('the service is at work'), SIGN_OF_LIFE_MS);
  try {
    // A redirect would take the header to wherever it leads.
    const asked = { method: 'POST', headers, body: JSON.stringify(args), signal, redirect: 'manual' } as const;
    const { response, text } = await answerOf(url, asked).catch((thrown: unknown) => {
      if (signal.aborted || thrown instanceof TerminalError) throw thrown;
      throw new ServiceBusy('The service does not answer, or not to the end.', { cause: thrown });
    });
    if (response.ok) return jsonOf(text);
    const sentence = `The service answers ${response.status}: ${text.slice(0, MOST_SHOWN)}`;
    if (isBusy(response.status)) throw new ServiceBusy(sentence);
    throw new TerminalError(sentence, { code: 'service-refused' });
  } finally {
    clearInterval(sign);
  }
}

async function answerOf(
  url: string,
  asked: RequestInit,
): Promise<{ readonly response: Response; readonly text: string }> {
  const response = await fetch(url, asked);
  return { response, text: await textOf(response) };
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new TerminalError(`The service answers more than ${MOST_BYTES} bytes.`, { code: 'answer-too-large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): Json {
  try {
    return Json.parse(JSON.parse(text));
  } catch (cause) {
    throw new TerminalError('The service answers what is no JSON.', { code: 'answer-no-json', cause });
  }
}
