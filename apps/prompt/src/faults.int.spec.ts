import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TaskFailed, TaskSucceeded } from '@baton/contracts';
import { eventsOf, type MessagesServer, type Reply, startMessagesServer, status, stream } from '@baton/llm/testing';
import { WorkerFixture } from '@baton/worker/testing';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';

/*
 * Everything that can happen to a call, at random, to a service as its own process. The server keeps its own books: whatever
 * it charged has to be in the results, to the token, and every task has to come to its one answer.
 */

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const TASKS = inject('effort') === 'long' ? 1_000 : 60;
const LANES = 60;
const MARKER = 'the-words-of-a-prompt';
const ANSWER_MARKER = 'the-words-of-an-answer';
const output = {
  type: 'object',
  properties: { mood: { type: 'string' }, note: { type: 'string' } },
  required: ['mood', 'note'],
  additionalProperties: false,
};

const books = { inputTokens: 0, outputTokens: 0 };
const charge = (inputTokens: number, outputTokens: number): void => {
  books.inputTokens += inputTokens;
  books.outputTokens += outputTokens;
};

const USAGE = { input_tokens: 100, output_tokens: 25, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const good = JSON.stringify({ mood: 'fair', note: ANSWER_MARKER });

/** A whole answer, charged as the API does it. */
const whole =
  (text: string, changes: Parameters<typeof eventsOf>[0] | object = {}): Reply =>
  (response, request) => {
    charge(USAGE.input_tokens, USAGE.output_tokens);
    return stream(eventsOf({ texts: [text], usage: USAGE, ...changes }))(response, request);
  };

/** The beginning of an answer, and what came of it. What was written of it is charged, a token for four bytes. */
const partly =
  (then: Reply): Reply =>
  async (response, request) => {
    const written = 'not part of the answer'.length + good.length;
    charge(USAGE.input_tokens, Math.max(1, Math.ceil(written / 4)));
    const begun = eventsOf({ texts: [good], usage: { ...USAGE, output_tokens: 1 } }).slice(0, 7);
    await stream(begun, () => void setTimeout(() => void then(response, request), 40))(response, request);
  };
const sendError = (type: string): Reply =>
  partly((response) => {
    response.end(`event: error\ndata: ${JSON.stringify({ type: 'error', error: { type, message: 'Trouble' } })}\n\n`);
  });

const slow: Reply = async (response) => {
  charge(USAGE.input_tokens, USAGE.output_tokens);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of eventsOf({ texts: [...good], usage: USAGE })) {
    response.write(`event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  response.end();
};

const withUnknownBlocks: Reply = (response, request) => {
  charge(USAGE.input_tokens, USAGE.output_tokens);
  const [start, ...rest] = eventsOf({ texts: [good], usage: USAGE });
  const moved = rest.map((event) => (typeof event.index === 'number' ? { ...event, index: event.index + 1 } : event));
  const unknown = [
    { type: 'content_block_start', index: 0, content_block: { type: 'hologram', depth: 3 } },
    { type: 'content_block_delta', index: 0, delta: { type: 'hologram_delta', light: 'green' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'weather', sky: 'blue' },
  ];
  return stream([...(start === undefined ? [] : [start]), ...unknown, ...moved])(response, request);
};

const error = (code: number, type: string, headers: Record<string, string> = {}): Reply =>
  status(code, { type: 'error', error: { type, message: 'Trouble' } }, headers);

const FAULTS: readonly Reply[] = [
  slow,
  partly((response) => void response.destroy()),
  partly(() => undefined),
  () => undefined,
  sendError('overloaded_error'),
  sendError('invalid_request_error'),
  error(400, 'invalid_request_error'),
  error(401, 'authentication_error'),
  error(429, 'rate_limit_error', { 'retry-after': '3' }),
  error(429, 'rate_limit_error'),
  error(500, 'api_error'),
  error(529, 'overloaded_error', { 'retry-after': '1' }),
  status(200, '<html>Welcome</html>', { 'content-type': 'text/html' }),
  whole('I do not know.'),
  whole('{"mood": 3}'),
  whole(good.slice(0, 20), { stopReason: 'max_tokens' }),
  whole('', { stopReason: 'refusal' }),
  withUnknownBlocks,
];

/** Numbers from 0 to 1, the same in each run. */
function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

let fixture: WorkerFixture;
let server: MessagesServer;
let service: ChildProcess;
let said = '';

beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('apps/prompt is not built: run tsc -b first');
  fixture = await WorkerFixture.open(inject('postgresUrl'), 'prompt');
  const random = randomly(7);
  server = await startMessagesServer((response, request) => {
    const fault = random() < 0.5 ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined;
    return (fault ?? whole(good))(response, request);
  });
  service = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: fixture.env.DATABASE_URL,
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.url,
      BATON_MODEL_SILENCE_MS: '2000',
      BATON_CONCURRENCY: '20',
      BATON_LOG: 'trace',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [service.stdout, service.stderr]) output?.on('data', (chunk) => (said += String(chunk)));
});
afterAll(async () => {
  const exit = once(service, 'exit');
  service.kill('SIGTERM');
  await exit;
  await server.close();
  await fixture.close();
});

const Facts = z.object({ usage: z.object({ inputTokens: z.int(), outputTokens: z.int() }).optional() });

it(
  `brings ${TASKS} tasks to their answers through every fault, and counts what the server charged`,
  async () => {
    const counted = { inputTokens: 0, outputTokens: 0 };
    const failures = new Map<string, number>();

    /** As a workflow does it: a task that failed is sent again as another command. */
    const untilDone = async (number: number): Promise<void> => {
      for (;;) {
        const prompt = `${MARKER} ${number}: what mood is this?`;
        const commandId = await fixture.send({ arguments: { prompt, output, model: 'claude-sonnet-5-5' } });
        const { name, data } = await fixture.resultOf(commandId);
        const { usage } = Facts.parse(data);
        counted.inputTokens += usage?.inputTokens ?? 0;
        counted.outputTokens += usage?.outputTokens ?? 0;
        if (name === 'succeeded') {
          expect(TaskSucceeded.parse(data).output).toMatchObject({ mood: 'fair' });
          return;
        }
        const failed = TaskFailed.parse(data).error;
        failures.set(failed, (failures.get(failed) ?? 0) + 1);
      }
    };
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < TASKS) {
        next += 1;
        await untilDone(next);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));

    expect(counted).toEqual(books);
    expect([...failures.keys()].sort()).toEqual([
      'Baton.InvalidOutput',
      'Baton.ModelRefused',
      'Baton.ModelUnavailable',
    ]);
    expect(service.exitCode).toBeNull();
    expect(said).toContain('task done');
    expect(said).not.toContain(MARKER);
    expect(said).not.toContain(ANSWER_MARKER);
  },
  inject('effort') === 'long' ? 600_000 : 60_000,
);
