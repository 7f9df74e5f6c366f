import { BatonError, Problem, toError } from '@baton/contracts';
import type { z } from 'zod';
import { GatewayRefused } from '../exit-codes.js';
import type { Connection } from './connection.js';

interface Call<S extends z.ZodType> {
  readonly path: string;
  readonly schema: S;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** How long the answer may take. Default 30 000 ms. */
  readonly timeoutMs?: number;
}

interface Upload {
  readonly stream: ReadableStream;
  readonly contentType: string;
}

/** The HTTP API as this process sees it. Every method throws GatewayRefused, or BatonError `gateway-…`. */
export interface Gateway {
  readonly url: string;
  get<S extends z.ZodType>(call: Call<S>): Promise<z.infer<S>>;
  /** An answer that is text; with a body it is asked for by POST. */
  getText(call: Omit<Call<z.ZodString>, 'schema'>): Promise<string>;
  post<S extends z.ZodType>(call: Call<S>): Promise<z.infer<S>>;
  /** Sends a stream of no known length as the body of a POST. */
  upload<S extends z.ZodType>(call: Omit<Call<S>, 'body'> & Upload): Promise<z.infer<S>>;
  /** An answer without a body. */
  remove(call: Omit<Call<z.ZodType>, 'schema' | 'body'>): Promise<void>;
  /** An answer as it comes: by default a `text/event-stream`, which stays open until either side ends it. */
  stream(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response>;
}

/** No server answered, or the connection broke: trying again can help. */
export class GatewayUnreachable extends BatonError {}

function unreachable(url: string, thrown: unknown): BatonError {
  const error = toError(thrown);
  if (error.name === 'TimeoutError') {
    return new GatewayUnreachable(`The gateway at ${url} did not answer in time.`, {
      code: 'gateway-timeout',
      next: 'Look at its log, and try again.',
      cause: thrown,
    });
  }
  const reason = error.cause instanceof Error && 'code' in error.cause ? ` (${String(error.cause.code)})` : '';
  return new GatewayUnreachable(`No gateway answers at ${url}${reason}.`, {
    code: 'gateway-unreachable',
    next: 'Start the stack with `npm start` (or `baton up`), or set BATON_URL.',
    cause: thrown,
  });
}

const NEXT_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'Set BATON_TOKEN to a valid token; a local stack writes its own to `.baton/env`.',
  403: 'Use a BATON_TOKEN with the right for this.',
  404: 'Look at what there is with `baton run list`.',
};

/** What to do next in words of this command, where the gateway speaks of HTTP. */
const NEXT_BY_CODE: Readonly<Record<string, string>> = {
  'run-not-found': 'List the runs with `baton run list`.',
  'run-rejected': 'See the whole message with `baton queue dead-letters -o json`.',
  'run-not-finished': 'Follow it with `baton run watch`, and ask again when it has ended.',
  'workflow-not-found': 'List the workflows with `baton workflow list`.',
  'unknown-workflow': 'List the workflows with `baton workflow list`.',
  'run-not-running': 'See how it stands with `baton run get`.',
  'run-not-paused': 'See how it stands with `baton run get`; one that failed is taken up with `baton run retry`.',
  'run-not-failed': 'See how it stands with `baton run get`; begin a new run from it with `baton run fork`.',
  'no-such-event': 'List its events with `baton run events`.',
  'approval-not-found': 'List what is open with `baton approval list`.',
  'no-such-move': 'See the moves it offers with `baton approval show`.',
  'key-not-found': 'List the keys with `baton auth key list`.',
  'key-exists': 'Choose another name; `baton auth key list` has those that are taken.',
  'key-reserved': 'Choose another name.',
  'approval-answered': 'An answer stands. See it with `baton approval show`.',
  'approval-answered-already': 'Another person has to answer; see who with `baton approval show`.',
  'approval-not-an-approver': 'See who may answer with `baton approval show`.',
  'approval-own-run': 'Somebody else has to answer; see who may with `baton approval show`.',
  'approval-gone': 'See what became of the run with `baton run get`.',
  'approval-changed': 'Look at it again with `baton approval show`.',
  'dead-letter-not-found': 'List them with `baton queue dead-letters --status all`.',
  'dead-letter-requeued': 'Where it failed once more there is a new one: see `baton queue dead-letters`.',
  'request-done': 'See that run with `baton run get`.',
  'webhook-not-found': 'List the webhooks with `baton webhook list`.',
  'webhook-refused':
    'Correct what is named. Private addresses and plain http need BATON_WEBHOOK_ALLOW_PRIVATE=true for gateway and orchestrator.',
  'run-ended': 'See the outcome with `baton run get`.',
  'run-not-started': 'Try again in a moment; see how it stands with `baton run get`.',
  'workflow-invalid': 'Correct what is named; `baton workflow validate FILE` checks without publishing.',
  'delivery-not-found': 'List the deliveries with `baton webhook deliveries`; what was settled a month ago is gone.',
  'too-many-webhooks': 'Remove one with `baton webhook remove`.',
  'no-workspace': 'Submit with --workspace DIR; a run has a version of it once its first round of code is done.',
  'workspace-not-found': 'Submit the workspace again with `baton run submit --workspace DIR`.',
  'no-such-round': 'See its rounds with `baton run diff ID -o json`.',
  'invalid-parameter': 'Correct what is named.',
  'invalid-body': 'Correct what is named.',
  'invalid-input': 'Correct what is named; `baton workflow show` has the schema of the input.',
};

/** Advice for whoever writes requests says nothing to a person at a terminal. */
const SPEAKS_OF_HTTP = /\b(GET|POST|PUT|PATCH|DELETE) \/|errors\[\]|\bheaders?\b|\bIf-Match\b|\bETag\b/;
const inOurWords = (next: string | undefined): string | undefined =>
  next !== undefined && SPEAKS_OF_HTTP.test(next) ? undefined : next;

/** Reads the problem details, and makes some where a proxy or another program answered. */
async function refusal(response: Response): Promise<GatewayRefused> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const parsed = Problem.safeParse(parseJson(text));
  const problem = parsed.success ? parsed.data : null;
  const isOurs = status < 500;
  const fallbackNext =
    NEXT_BY_STATUS[status] ?? (isOurs ? 'See --help of the command.' : 'Look at the log of the gateway.');
  const code = problem?.code ?? `http-${status}`;
  return new GatewayRefused({
    status,
    code,
    detail: problem?.detail ?? `The server answered ${status} ${response.statusText}`.trimEnd().concat('.'),
    // Whatever the server advises, a refused token is always about this variable.
    next:
      (status === 401 ? NEXT_BY_STATUS[401] : undefined) ??
      NEXT_BY_CODE[code] ??
      inOurWords(problem?.next) ??
      fallbackNext,
    errors: problem?.errors ?? [],
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const textOf = (response: Response, url: string): Promise<string> =>
  response.text().catch((thrown: unknown) => {
    throw unreachable(url, thrown);
  });

async function parseAnswer<S extends z.ZodType>(response: Response, url: string, schema: S): Promise<z.infer<S>> {
  const body = await textOf(response, url);
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw new BatonError(`What answers at ${url} is not a gateway that this version of baton understands.`, {
    code: 'gateway-answer-unknown',
    next: 'Check BATON_URL, and that baton and the gateway have the same version.',
    cause: parsed.error,
  });
}

export function openGateway({ url, token }: Connection): Gateway {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };

  async function request(path: string, init: RequestInit & { readonly headers: Record<string, string> }) {
    const headers = { ...authorization, ...init.headers };
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'error' }).catch((thrown: unknown) => {
      if (init.signal?.aborted === true && toError(init.signal.reason).name !== 'TimeoutError') throw thrown;
      throw unreachable(url, thrown);
    });
    if (response.ok) return response;
    throw await refusal(response);
  }

  function ask(method: string, accept: string, path: string, rest: Omit<Call<z.ZodType>, 'path' | 'schema'>) {
    const timeout = AbortSignal.timeout(rest.timeoutMs ?? 30_000);
    const signal = rest.signal === undefined ? timeout : AbortSignal.any([rest.signal, timeout]);
    const hasBody = rest.body !== undefined;
    return request(path, {
      method,
      signal,
      headers: {
        accept,
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...rest.headers,
      },
      ...(hasBody ? { body: JSON.stringify(rest.body) } : {}),
    });
  }

  async function call<S extends z.ZodType>(method: string, { path, schema, ...rest }: Call<S>): Promise<z.infer<S>> {
    return parseAnswer(await ask(method, 'application/json', path, rest), url, schema);
  }

  async function upload<S extends z.ZodType>(call: Omit<Call<S>, 'body'> & Upload): Promise<z.infer<S>> {
    const signals = [
      AbortSignal.timeout(call.timeoutMs ?? 30_000),
      ...(call.signal === undefined ? [] : [call.signal]),
    ];
    const init = { method: 'POST', body: call.stream, duplex: 'half' as const, signal: AbortSignal.any(signals) };
    const headers = { accept: 'application/json', 'content-type': call.contentType, ...call.headers };
    return parseAnswer(await request(call.path, { ...init, headers }), url, call.schema);
  }

  return {
    url,
    get: (options) => call('GET', options),
    getText: async ({ path, ...rest }) => {
      const method = rest.body === undefined ? 'GET' : 'POST';
      return textOf(await ask(method, 'text/*, application/problem+json', path, rest), url);
    },
    post: (options) => call('POST', options),
    upload,
    remove: async ({ path, ...rest }) => void (await ask('DELETE', 'application/json', path, rest)),
    stream: (path, headers, signal) =>
      request(path, { method: 'GET', signal, headers: { accept: 'text/event-stream', ...headers } }),
  };
}
