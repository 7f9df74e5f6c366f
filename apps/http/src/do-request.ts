import { cutFromJson, toError } from '@baton/contracts';
import type { HttpSettings } from './env.js';
import { prepareRequest } from './prepare-request.js';
import { failed } from './refused.js';
import type { HttpResult, RequestArguments } from './request-arguments.js';
import { send } from './send.js';

/** Of the cause of a failure. A longer one would be cut somewhere on its way, and be no JSON any more. */
const MOST_OF_CAUSE = 3_900;
const MOST_OF_BODY = 1_500;
const MOST_OF_HEADER = 200;
const MOST_HEADERS = 8;

/**
 * Does what a task asks for. Neither what comes back nor an error holds a secret, also where the host says it back.
 *
 * @param key see `prepareRequest`
 * @throws an error whose name is what Retry and Catch match: `States.Http.StatusCode.<n>` for any status but 2xx
 */
export async function doRequest(
  asked: RequestArguments,
  key: string,
  settings: HttpSettings,
  signal: AbortSignal,
): Promise<HttpResult> {
  const { cut } = settings.secrets;
  try {
    const result = cutFromJson(await send(prepareRequest(asked, key, settings), settings, signal), cut);
    if (result.StatusCode >= 200 && result.StatusCode < 300) return result;
    throw failed(`States.Http.StatusCode.${result.StatusCode}`, causeOf(result));
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toError(thrown);
    error.message = cut(error.message);
    throw error;
  }
}

/** JSON, so that a Catch can read it. What has to be escaped takes more room than it seems to: of that there is less, of the body first. */
function causeOf(result: HttpResult): string {
  for (let headers = MOST_HEADERS; headers > 0; headers -= 1) {
    for (let ofBody = MOST_OF_BODY; ofBody >= 1; ofBody = Math.floor(ofBody / 2)) {
      const cause = shortCause(result, headers, ofBody);
      if (cause.length <= MOST_OF_CAUSE) return cause;
    }
  }
  return shortCause(result, 0, 0);
}

function shortCause(
  { StatusCode, StatusText, Headers, ResponseBody }: HttpResult,
  mostHeaders: number,
  mostOfBody: number,
): string {
  const text = typeof ResponseBody === 'string' ? ResponseBody : JSON.stringify(ResponseBody);
  const headers = Object.entries(Headers)
    .slice(0, mostHeaders)
    .map(([name, values]) => [name, values.slice(0, 1).map((value) => value.slice(0, MOST_OF_HEADER))]);
  return JSON.stringify({
    StatusCode,
    StatusText: StatusText.slice(0, MOST_OF_HEADER),
    Headers: Object.fromEntries(headers),
    ResponseBody: text.length <= mostOfBody ? ResponseBody : `${text.slice(0, mostOfBody)} …`,
  });
}
