import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@baton/contracts';
import {
  apiError,
  eventsOf,
  type MessagesServer,
  type Reply,
  startMessagesServer,
  status,
  stream,
} from '@baton/llm/testing';

/** Tokens that the server charges. */
interface Charged {
  input: number;
  output: number;
  calls: number;
}

export interface FaultyModel extends MessagesServer {
  /** What each task was charged, by its number. */
  readonly charged: ReadonlyMap<number, Charged>;
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<string, number>;
}

const INPUT_TOKENS = 200;
const OUTPUT_TOKENS = 30;

/** One of ways to answer, with how often it is taken. `charge` says what of an answer that breaks off is charged. */
interface Way {
  readonly name: string;
  readonly weight: number;
  readonly reply: (answer: string) => Reply;
  readonly charge: (answer: string) => { readonly input: number; readonly output: number };
}

const usage = { input_tokens: INPUT_TOKENS, output_tokens: OUTPUT_TOKENS };
const withoutCache = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const messageOf = (...texts: readonly string[]): readonly JsonObject[] =>
  eventsOf({ texts, usage: { ...usage, ...withoutCache, output_tokens: OUTPUT_TOKENS } }).map((event) =>
    event.type === 'message_start'
      ? {
          ...event,
          message: { ...(event.message as JsonObject), usage: { ...usage, ...withoutCache, output_tokens: 1 } },
        }
      : event,
  );

const whole = () => ({ input: INPUT_TOKENS, output: OUTPUT_TOKENS });
const nothing = () => ({ input: 0, output: 0 });

/** Up to and with the text. What of it is charged is what docs/models.md says of answers that break off. */
const begun = (answer: string): readonly JsonObject[] =>
  messageOf(answer)
    .filter(({ type }) => type !== 'message_delta' && type !== 'message_stop')
    .slice(0, -1);
const THINKING = 'not part of the answer';
const ofBegun = (answer: string) => ({
  input: INPUT_TOKENS,
  output: Math.ceil((Buffer.byteLength(answer) + Buffer.byteLength(THINKING)) / 4),
});

const WAYS: readonly Way[] = [
  { name: 'whole', weight: 40, reply: (answer) => stream(messageOf(answer)), charge: whole },
  {
    name: 'slow',
    weight: 8,
    reply: (answer) => async (response, request) => {
      await sleep(400);
      await stream(messageOf(...answer))(response, request);
    },
    charge: whole,
  },
  { name: 'unknown blocks', weight: 8, reply: (answer) => stream(withSparkles(messageOf(answer))), charge: whole },
  { name: 'ends early', weight: 6, reply: (answer) => stream(begun(answer)), charge: ofBegun },
  {
    name: 'cut',
    weight: 6,
    reply: (answer) => stream(begun(answer), (response) => void cutLater(response)),
    charge: ofBegun,
  },
  { name: 'wrong schema', weight: 5, reply: () => stream(messageOf('{"answer":"many"}')), charge: whole },
  { name: 'no JSON', weight: 5, reply: () => stream(messageOf('I would rather not say.')), charge: whole },
  { name: 'events that are no JSON', weight: 4, reply: (answer) => brokenEvents(begun(answer)), charge: ofBegun },
  { name: 'HTML', weight: 4, reply: () => html, charge: nothing },
  { name: '400', weight: 1, reply: () => apiError(400, 'invalid_request_error', 'messages: too odd'), charge: nothing },
  { name: '401', weight: 1, reply: () => apiError(401, 'authentication_error', 'invalid x-api-key'), charge: nothing },
  {
    name: '429',
    weight: 4,
    reply: () => apiError(429, 'rate_limit_error', 'slow down', { 'retry-after': '1' }),
    charge: nothing,
  },
  {
    name: '429, long',
    weight: 4,
    reply: () => apiError(429, 'rate_limit_error', 'slow down', { 'retry-after': '6' }),
    charge: nothing,
  },
  { name: '500', weight: 4, reply: () => apiError(500, 'api_error', 'internal'), charge: nothing },
  {
    name: '529',
    weight: 4,
    reply: () => apiError(529, 'overloaded_error', 'busy', { 'retry-after': '1' }),
    charge: nothing,
  },
];

const html = status(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' });

/** Blocks and events of a kind that is not there yet, before and after what is known. */
function withSparkles(events: readonly JsonObject[]): readonly JsonObject[] {
  const [start, ...rest] = events;
  const sparkle = { type: 'content_block_start', index: 9, content_block: { type: 'sparkle', glitter: 3 } };
  const dust = { type: 'content_block_delta', index: 9, delta: { type: 'dust_delta', dust: 'x' } };
  const end = rest.findIndex(({ type }) => type === 'message_delta');
  const extra = [sparkle, dust, { type: 'content_block_stop', index: 9 }, { type: 'moonlight', phase: 2 }];
  // Places count from 0 without a gap, in the order in which blocks begin.
  const at = 2;
  const placed = extra.map((event) => ('index' in event ? { ...event, index: at } : event));
  return [start ?? {}, ...rest.slice(0, end), ...placed, ...rest.slice(end)];
}

const brokenEvents = (events: readonly JsonObject[]): Reply =>
  stream(events, (response) =>
    response.end('event: content_block_delta\ndata: {"type": "content_block_delta", "ind\n\n'),
  );

/** What was written by then has arrived. */
async function cutLater(response: ServerResponse): Promise<void> {
  await sleep(100);
  response.destroy();
}

/**
 * A server that speaks the Messages API and fails in many ways, chosen by `random`. A question names its task as
 * `task-<number>`; the right answer is `{ "answer": <number> }`.
 */
export async function startFaultyModel(random: () => number): Promise<FaultyModel> {
  const charged = new Map<number, Charged>();
  const struck = new Map<string, number>();
  const total = WAYS.reduce((sum, { weight }) => sum + weight, 0);
  const pick = (): Way => {
    const at = random() * total;
    let sum = 0;
    for (const way of WAYS) {
      sum += way.weight;
      if (at < sum) return way;
    }
    throw new Error(`${at} is beyond ${total}`);
  };
  const server = await startMessagesServer(async (response, request) => {
    const number = Number(/task-(\d+)/.exec(JSON.stringify(request.body))?.[1]);
    const way = pick();
    const answer = JSON.stringify({ answer: number });
    struck.set(way.name, (struck.get(way.name) ?? 0) + 1);
    const { input, output } = way.charge(answer);
    const before = charged.get(number) ?? { input: 0, output: 0, calls: 0 };
    charged.set(number, { input: before.input + input, output: before.output + output, calls: before.calls + 1 });
    await way.reply(answer)(response, request);
  });
  return { ...server, charged, struck };
}
