import { APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { BatonError, RetryableError, TerminalError, toError } from '@baton/contracts';
import { modelAborted } from './errors.js';

export interface CallContext {
  readonly baseUrl: string;
  readonly model: string;
  /** The caller's. */
  readonly signal: AbortSignal;
  /** Ours. */
  readonly timeout: AbortSignal;
  readonly timeoutMs: number;
  readonly nowMs: number;
}

/** Translates whatever a call threw into our vocabulary. The one place that knows the client's error classes. */
export function toModelError(thrown: unknown, context: CallContext): Error {
  if (context.signal.aborted) return modelAborted(context.signal.reason);
  if (context.timeout.aborted || thrown instanceof APIConnectionTimeoutError) return timedOut(thrown, context);
  if (thrown instanceof BatonError) return thrown;
  if (thrown instanceof APIConnectionError) return unreachable(thrown, context);
  if (thrown instanceof APIError) return refused(thrown, context);
  return unreadable(thrown, context);
}

const timedOut = (cause: unknown, { baseUrl, timeoutMs }: CallContext): Error =>
  new RetryableError(`The model at ${baseUrl} did not finish within ${Math.round(timeoutMs / 1000)} s.`, {
    code: 'model-timeout',
    next: 'Nothing to do at first: the call is repeated. If it happens again, ask for less at once.',
    retryAfterMs: 1000,
    cause,
  });

const unreachable = (error: APIConnectionError, { baseUrl }: CallContext): Error =>
  new RetryableError(`The model at ${baseUrl} cannot be reached (${deepestReason(error)}).`, {
    code: 'model-unreachable',
    next: 'Check the network and ANTHROPIC_BASE_URL; BATON_MODEL=offline works without either.',
    retryAfterMs: 5000,
    cause: error,
  });

const unreadable = (thrown: unknown, { baseUrl }: CallContext): Error =>
  new RetryableError(`The answer from ${baseUrl} breaks off or is not one of the Messages API.`, {
    code: 'model-unreadable',
    next: 'If it happens again, check that ANTHROPIC_BASE_URL is the root of a server that speaks the Messages API.',
    retryAfterMs: 2000,
    cause: toError(thrown),
  });

/** What an HTTP status, or the type of an error inside a stream, means. */
type Refusal = 'auth' | 'billing' | 'not-found' | 'request' | 'rate-limited' | 'overloaded' | 'unavailable';

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

function refusalOf(error: APIError): Refusal {
  if (error.status === undefined) return BY_TYPE[error.type ?? ''] ?? 'unavailable';
  return BY_STATUS[error.status] ?? (error.status >= 500 ? 'unavailable' : 'request');
}

/** How long to wait where the server does not say, in milliseconds. Absent: a repetition cannot help. */
const WAIT_MS: Readonly<Partial<Record<Refusal, number>>> = {
  'rate-limited': 15_000,
  overloaded: 5000,
  unavailable: 2000,
};

function refused(error: APIError, context: CallContext): Error {
  const kind = refusalOf(error);
  const { message, next } = sentences(kind, error, context);
  const details = { code: `model-${kind}`, next, cause: error };
  const waitMs = WAIT_MS[kind];
  // The server knows best whether it is worth another try: a spent quota is a 429 that no waiting mends.
  if (waitMs === undefined || error.headers?.get('x-should-retry') === 'false')
    return new TerminalError(message, details);
  return new RetryableError(message, { ...details, retryAfterMs: retryAfterMs(error, context.nowMs) ?? waitMs });
}

function sentences(kind: Refusal, error: APIError, { baseUrl, model }: CallContext) {
  const answer = `${error.status ?? error.type ?? 'an error'}${reason(error)}`;
  switch (kind) {
    case 'auth':
      return {
        message: `ANTHROPIC_API_KEY was refused by ${baseUrl}: ${answer}.`,
        next: 'Set ANTHROPIC_API_KEY to a valid key for this server, or unset it to run with the offline model.',
      };
    case 'billing':
      return {
        message: `${baseUrl} asks for payment: ${answer}.`,
        next: 'Check the credit and limits of the account that ANTHROPIC_API_KEY belongs to.',
      };
    case 'not-found':
      return {
        message: `${baseUrl} does not know the model ${model}: ${answer}.`,
        next: 'Set BATON_MODEL or BATON_MODEL_<AGENT> to a model of this server, and check ANTHROPIC_BASE_URL.',
      };
    case 'request':
      return {
        message: `${baseUrl} does not accept the request: ${answer}.`,
        next: 'Check that the model supports structured output and that the prompt is not too long for it.',
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

function reason(error: APIError): string {
  const text = (error.apiMessage ?? '').replace(/\s+/g, ' ').trim();
  return text === '' ? '' : ` “${text.length > 300 ? `${text.slice(0, 299)}…` : text}”`;
}

const LONGEST_WAIT_MS = 60 * 60_000;

/** The wait a server asks for: milliseconds, seconds, or an instant. null where it does not, or not in the future. */
function retryAfterMs({ headers }: APIError, nowMs: number): number | null {
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
