import { BatonError, toError } from '@baton/contracts';
import createClient, { type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from 'openapi-typescript-helpers';
import { ANSWERS } from './generated/answers.js';
import type { paths } from './generated/paths.js';
import { type Advise, GatewayUnreachable, jsonIn, refusalOf } from './refused.js';

export interface ClientOptions {
  readonly url: string;
  /** The bearer token; null where there is none, and in a browser that is signed in with a cookie. */
  readonly token: string | null;
  /**
   * What a session of a browser was given with its cookie: sent with whatever is no GET. As a function it is asked at each call,
   * so that one client outlives signing in again.
   */
  readonly csrf?: string | (() => string | null) | undefined;
  readonly advise?: Advise;
  /** How requests are sent, where it is not over the network. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** Left out where nothing in it has to be there. */
type InitParam<I> =
  RequiredKeysOf<I> extends never ? [(I & { readonly timeoutMs?: number })?] : [I & { readonly timeoutMs?: number }];

/** What an answer brings: JSON as it is described, or what `parseAs` asks for. */
type Brought<P extends keyof paths, M extends HttpMethod & keyof paths[P], I> =
  paths[P][M] extends Record<string | number, unknown>
    ? NonNullable<FetchResponse<paths[P][M], I, 'application/json'>['data']>
    : never;

/**
 * One method of HTTP: the path as the document writes it, its parameters, and the body, all of them typed.
 * Beside what openapi-fetch knows there is `timeoutMs`, by default 30 000.
 *
 * @throws GatewayRefused, GatewayUnreachable, or BatonError `gateway-answer-unknown`
 */
type Method<M extends HttpMethod> = <P extends PathsWithMethod<paths, M>, I extends MaybeOptionalInit<paths[P], M>>(
  path: P,
  ...init: InitParam<I>
) => Promise<Brought<P, M & keyof paths[P], I>>;

/** The gateway, as the document describes it. Runs in Node and in browsers. */
export interface Client {
  readonly url: string;
  readonly get: Method<'get'>;
  readonly post: Method<'post'>;
  readonly delete: Method<'delete'>;
}

interface Sent {
  readonly signal?: AbortSignal | null | undefined;
  readonly timeoutMs?: number | undefined;
  readonly parseAs?: string | undefined;
}

const TIMEOUT_MS = 30_000;

/** No connection is opened: that happens with the first call. */
export function openClient({ url, token, csrf, advise = () => undefined, fetch }: ClientOptions): Client {
  const csrfNow = (): string | null => (typeof csrf === 'function' ? csrf() : (csrf ?? null));
  const http = createClient<paths>({
    baseUrl: url,
    headers: { accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    // A token goes to nobody else.
    redirect: 'error',
    ...(fetch === undefined ? {} : { fetch }),
  });
  http.use({
    onRequest: ({ request }) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const value = isRead ? null : csrfNow();
      if (value !== null) request.headers.set('x-baton-csrf', value);
    },
    onResponse: async ({ response }) => {
      if (!response.ok) throw await refusalOf(response, advise);
    },
  });

  async function call<T>(method: string, path: string, init: Sent = {}): Promise<T> {
    const { timeoutMs = TIMEOUT_MS, signal, ...rest } = init;
    // A stream may go on for ever.
    const timeout = init.parseAs === 'stream' ? [] : [AbortSignal.timeout(timeoutMs)];
    const signals = [...timeout, ...(signal == null ? [] : [signal])];
    // Answers are read as text: what is no JSON has to be told from a connection that broke.
    const isJson = init.parseAs === undefined;
    const [only] = signals;
    const either = signals.length === 1 ? only : AbortSignal.any(signals);
    const sent = { ...rest, ...(isJson ? { parseAs: 'text' } : {}), signal: either };
    const { data } = await Reflect.apply(http.request, http, [method, path, sent]).catch((thrown: unknown) => {
      if (thrown instanceof BatonError || signal?.aborted === true) throw thrown;
      throw unreachable(url, thrown, advise);
    });
    return answerOf<T>(`${method.toUpperCase()} ${path}`, endedBy(data, signal), isJson, url, advise);
  }

  return {
    url,
    get: (path, ...[init]) => call('get', path, init),
    post: (path, ...[init]) => call('post', path, init),
    delete: (path, ...[init]) => call('delete', path, init),
  };
}

/**
 * A stream that ends with its signal, also long after. To have given the signal to `fetch` does not do: what hears it there belongs
 * to the request, which nobody holds any more once there is an answer.
 */
const endedBy = (data: unknown, signal: AbortSignal | null | undefined): unknown =>
  data instanceof ReadableStream && signal != null ? data.pipeThrough(new TransformStream(), { signal }) : data;

/** The answer as the document says that it is. @throws BatonError where it is not */
function answerOf<T>(route: string, data: unknown, isJson: boolean, url: string, advise: Advise): T {
  const schema = ANSWERS[route];
  if (!isJson || schema === undefined) return data as T;
  const parsed = schema.safeParse(jsonIn(String(data)));
  if (parsed.success) return parsed.data as T;
  const code = 'gateway-answer-unknown';
  const next = 'Check the address, and that this program and the gateway have the same version.';
  throw new BatonError(`What answers at ${url} is not a gateway that this program understands.`, {
    code,
    next: advise({ code, status: null, next }) ?? next,
    cause: parsed.error,
  });
}

/** A connection that failed or broke, or an answer that did not come. */
function unreachable(url: string, thrown: unknown, advise: Advise): GatewayUnreachable {
  const error = toError(thrown);
  if (error.name === 'TimeoutError') {
    const next = 'Look at its log, and try again.';
    return new GatewayUnreachable(`The gateway at ${url} did not answer in time.`, {
      code: 'gateway-timeout',
      next: advise({ code: 'gateway-timeout', status: null, next }) ?? next,
      cause: thrown,
    });
  }
  const reason = error.cause instanceof Error && 'code' in error.cause ? ` (${String(error.cause.code)})` : '';
  const next = 'Start the gateway, or correct its address.';
  return new GatewayUnreachable(`No gateway answers at ${url}${reason}.`, {
    code: 'gateway-unreachable',
    next: advise({ code: 'gateway-unreachable', status: null, next }) ?? next,
    cause: thrown,
  });
}
