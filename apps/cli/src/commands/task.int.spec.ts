import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { RUN_ID } from '../testing/events.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const accept = (what: string): void => {
  bench.routes.set(`POST /v1/task-tokens/${what}`, (_, response) =>
    json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
  );
};

test.each<[readonly string[], string, object]>([
  [['succeed', 'btk.x'], 'success', { token: 'btk.x' }],
  [['succeed', 'btk.x', '{"price": 3}'], 'success', { token: 'btk.x', output: { price: 3 } }],
  [['fail', 'btk.x'], 'failure', { token: 'btk.x' }],
  [['fail', 'btk.x', '--error', 'E', '--cause', 'c'], 'failure', { token: 'btk.x', error: 'E', cause: 'c' }],
])('task %j tells the gateway, and prints the run', async (args, what, body) => {
  accept(what);
  const { exitCode, stdout } = await bench.baton(['task', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${RUN_ID}\n` });
  expect(bench.lastBody()).toEqual(body);
});

test('the token may come by the standard input, so that nobody sees it among the processes', async () => {
  accept('success');
  expect((await bench.baton(['task', 'succeed', '-', '1'], { stdin: 'btk.x\n' })).exitCode).toBe(0);
  expect(bench.lastBody()).toEqual({ token: 'btk.x', output: 1 });
});

test('what is refused is said with what to do, and without the token', async () => {
  bench.routes.set('POST /v1/task-tokens/heartbeat', (_, response) =>
    problem(response, 409, 'task-timed-out', 'The task of this token waits for no answer.'),
  );
  const { exitCode, stderr } = await bench.baton(['task', 'heartbeat', 'btk.x']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('waits for no answer');
  expect(stderr).toContain('another token');
  expect(stderr).not.toContain('btk.x');
});
