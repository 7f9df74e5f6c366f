import { BatonError, RetryableError, TerminalError, toError } from '@baton/contracts';
import { CONTEXT_LIMIT, CONTEXT_NEXT, ModelBusy, modelAborted, type SpentCall, spentOf, withSpent } from '../errors.js';
import { isAboutContext } from './refused-feature.js';

/** What a client's error says, whichever client it is. */
export type Failure =
  | { readonly type: 'timeout' | 'connection'; readonly error: Error }
  | {
      readonly type: 'refused';
      readonly error: Error;
      /** The HTTP status; null where the error came within a stream. */
      readonly status: number | null;
      /** The server's own word for the kind of error. */
      readonly kind: string | null;
      readonly text: string;
      readonly headers: Headers | undefined;
    };
type Refused = Extract<Failure, { readonly type: 'refused' }>;

export interface CallContext {
  /** Reads the errors of the client; null for anything else. */
  readonly failureIn: (thrown: unknown) => Failure | null;
  readonly server: ServerNames;
  readonly model: string;
  /** The caller's. */
  readonly signal: AbortSignal;
  /** Ours: aborted where nothing came for too long. */
  readonly silence: AbortSignal;
  readonly silenceMs: number;
  /** Whether the answer calls itself a web page. */
  readonly isWebPage: boolean;
  /** Whether the server has answered with web pages time and again, and with nothing else. */
  readonly isNothingElse: boolean;
  /** What the call cost so far; null where it had not begun. */
  readonly spent: SpentCall | null;
  readonly nowMs: number;
}

/** What a server and its settings are called in sentences. */
export interface ServerNames {
  readonly baseUrl: string;
  /** Such as `ANTHROPIC_API_KEY`. */
  readonly keyVariable: string;
  /** Such as `ANTHROPIC_BASE_URL`. */
  readonly urlVariable: string;
  /** Such as `the Messages API`. */
  readonly api: string;
}

/** Translates whatever a call threw into our vocabulary, with what it cost.  */
export function toModelError(thrown: unknown, context: CallContext): Error {
  const { signal, spent } = context;
  if (signal.aborted) return modelAborted(signal.reason, spent);
  const error = translated(thrown, context);
  if (spent === null || spentOf(error) !== null) return error;
  return error instanceof RetryableError || error instanceof TerminalError ? withSpent(error, spent) : error;
}

function translated(thrown: unknown, context: CallContext): Error {
  if (context.silence.aborted) return silent(thrown, context);
  if (thrown instanceof BatonError) return thrown;
  const failure = context.failureIn(thrown);
  if (failure === null) return unreadable(thrown, context);
  switch (failure.type) {
    case 'timeout':
      return silent(thrown, context);
    case 'connection':
      return unreachable(failure.error, context);
    case 'refused':
      return refused(failure, context);
  }
}

const silent = (cause: unknown, { server: { baseUrl }, silenceMs }: CallContext): Error =>
  new RetryableError(`The model at ${baseUrl} was silent for ${Math.round(silenceMs / 1000)} s.`, {
    code: 'model-timeout',
    next: 'Nothing to do at first: the call is repeated. Where a server thinks longer without a sign, raise BATON_MODEL_SILENCE_MS.',
    retryAfterMs: 1000,
    cause,
  });

const unreachable = (error: Error, { server: { baseUrl, urlVariable } }: CallContext): Error =>
  new RetryableError(`The model at ${baseUrl} cannot be reached (${deepestReason(error)}).`, {
    code: 'model-unreachable',
    next: `Check the network and ${urlVariable}; BATON_MODEL=offline works without either.`,
    retryAfterMs: 5000,
    cause: error,
  });

function unreadable(thrown: unknown, { server, isWebPage, isNothingElse }: CallContext): Error {
  const { baseUrl, urlVariable, api } = server;
  if (isWebPage && isNothingElse) return webPage(toError(thrown), server);
  return new RetryableError(
    isWebPage
      ? `The answer from ${baseUrl} is a web page, not one of ${api}.`
      : `The answer from ${baseUrl} breaks off or is not one of ${api}.`,
    {
      code: 'model-unreadable',
      next: `If it happens again, check that ${urlVariable} is the root of a server that speaks ${api}.`,
      retryAfterMs: 2000,
      cause: toError(thrown),
    },
  );
}

const webPage = (cause: Error, { baseUrl, urlVariable, api }: ServerNames): Error =>
  new TerminalError(`${baseUrl} answers with web pages, and not as ${api} does.`, {
    code: 'model-web-page',
    next: `Set ${urlVariable} to the root of a server that speaks ${api}.`,
    cause,
  });

/** Where a server says in a page of its own that it knows no such address or takes no such request. */
const isPageOfAnother = ({ status, headers }: Refused): boolean =>
  [400, 404, 405, 410].includes(status ?? 0) && headers?.get('content-type')?.startsWith('text/html') === true;

/** What an HTTP status, or the type of an error inside a stream, means. */
type Refusal = 'auth' | 'billing' | 'not-found' | 'request' | 'context' | 'rate-limited' | 'overloaded' | 'unavailable';

const BY_STATUS: Readonly<Record<number, Refusal>> = {
  401: 'auth',
  402: 'billing',
  403: 'auth',
  404: 'not-found',
  408: 'unavailable',
  409: 'unavailable',
  429: 'rate-limited',
  529: 'overloaded',
};

const BY_TYPE: Readonly<Record<string, Refusal>> = {
  authentication_error: 'auth',
  permission_error: 'auth',
  billing_error: 'billing',
  not_found_error: 'not-found',
  invalid_request_error: 'request',
  rate_limit_error: 'rate-limited',
  overloaded_error: 'overloaded',
};

const TOO_MUCH = new Set([400, 413, 422]);

function refusalOf({ status, kind, text }: Refused): Refusal {
  // A 429 that no waiting mends.
  if (kind === 'insufficient_quota') return 'billing';
  if (kind === 'context_length_exceeded') return 'context';
  if ((status === null || TOO_MUCH.has(status)) && isAboutContext(text)) return 'context';
  if (status === null) return BY_TYPE[kind ?? ''] ?? 'unavailable';
  return BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'request');
}

/** How long to wait where the server does not say, in milliseconds. Absent: a repetition cannot help. */
const WAIT_MS: Readonly<Partial<Record<Refusal, number>>> = {
  'rate-limited': 15_000,
  overloaded: 5000,
  unavailable: 2000,
};

function refused(failure: Refused, context: CallContext): Error {
  if (isPageOfAnother(failure)) return webPage(failure.error, context.server);
  const kind = refusalOf(failure);
  const { message, next } = sentences(kind, failure, context);
  const code = kind === 'context' ? CONTEXT_LIMIT : `model-${kind}`;
  const details = { code, next, cause: failure.error };
  const waitMs = WAIT_MS[kind];
  // The server knows best whether it is worth another try: a spent quota is a 429 that no waiting mends.
  if (waitMs === undefined || failure.headers?.get('x-should-retry') === 'false')
    return new TerminalError(message, details);
  const askedMs = retryAfterMs(failure, context.nowMs);
  if (askedMs !== null) return new ModelBusy(message, { ...details, retryAfterMs: askedMs });
  return new RetryableError(message, { ...details, retryAfterMs: waitMs });
}

function sentences(kind: Refusal, failure: Refused, { server, model }: CallContext) {
  const { baseUrl, keyVariable, urlVariable } = server;
  const answer = `${failure.status ?? failure.kind ?? 'an error'}${reason(failure)}`;
  switch (kind) {
    case 'auth':
      return {
        message: `${keyVariable} was refused by ${baseUrl}: ${answer}.`,
        next: `Set ${keyVariable} to a valid key for this server, or unset it to run with the offline model.`,
      };
    case 'billing':
      return {
        message: `${baseUrl} asks for payment: ${answer}.`,
        next: `Check the credit and limits of the account that ${keyVariable} belongs to.`,
      };
    case 'not-found':
      return {
        message: `${baseUrl} does not know the model ${model}: ${answer}.`,
        next: `Set BATON_MODEL or BATON_MODEL_<AGENT> to a model of this server, and check ${urlVariable}.`,
      };
    case 'request':
      return {
        message: `${baseUrl} does not accept the request: ${answer}.`,
        next: 'Check that the prompt is not too long for the model, and what BATON_MODEL_CAPABILITIES says it has.',
      };
    case 'context':
      return {
        message: `What was sent to ${baseUrl} is more than the model ${model} can hold: ${answer}.`,
        next: CONTEXT_NEXT,
      };
    case 'rate-limited':
      return {
        message: `${baseUrl} asks to slow down: ${answer}.`,
        next: 'Nothing to do at first: the call is repeated. If it goes on, raise the rate limit or lower BATON_CONCURRENCY.',
      };
    case 'overloaded':
    case 'unavailable':
      return {
        message: `${baseUrl} cannot answer now: ${answer}.`,
        next: 'Nothing to do at first: the call is repeated. If it goes on, see the status page of the provider.',
      };
  }
}

function reason({ text: whole }: Refused): string {
  const text = whole.replace(/\s+/g, ' ').trim();
  return text === '' ? '' : ` “${text.length > 300 ? `${text.slice(0, 299)}…` : text}”`;
}

/** A server that asks for more than a week has another clock than we. */
const LONGEST_WAIT_MS = 7 * 24 * 60 * 60_000;

/** The wait a server asks for: milliseconds, seconds, or an instant. null where it does not, or not in the future. */
function retryAfterMs({ headers }: Refused, nowMs: number): number | null {
  const millis = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (millis > 0) return Math.min(millis, LONGEST_WAIT_MS);
  const after = headers?.get('retry-after') ?? '';
  const waitMs = /^\s*[\d.]+\s*$/.test(after) ? Number.parseFloat(after) * 1000 : Date.parse(after) - nowMs;
  return waitMs > 0 ? Math.min(Math.ceil(waitMs), LONGEST_WAIT_MS) : null;
}

/** `fetch failed` tells nobody anything; what is below it does (ECONNREFUSED, ENOTFOUND, a certificate). */
function deepestReason(error: Error): string {
  let reason: Error = error;
  while (reason.cause instanceof Error) reason = reason.cause;
  const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
  return code !== '' ? code : reason.message.replace(/\.$/, '');
}
