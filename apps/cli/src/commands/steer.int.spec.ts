import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { RUN_ID } from '../testing/events.js';
import { json, problem } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
  bench.serveRun();
});
afterEach(() => bench.stop());

const accept = (action: string, runId = RUN_ID): void => {
  bench.routes.set(`POST ${RUN_PATH}/${action}`, (_, response) =>
    json(response, 202, { runId, requestId: 'r', status: 'accepted' }),
  );
};

test.each<[string, readonly string[], string, object]>([
  ['cancel', ['--reason', 'wrong'], 'cancel', { reason: 'wrong' }],
  ['pause', [], 'pause', {}],
  ['pause', ['--reason', 'maintenance'], 'pause', { reason: 'maintenance' }],
  ['resume', [], 'resume', {}],
  ['retry', ['--reason', 'again'], 'retry', { reason: 'again' }],
  ['signal', ['go'], 'signals', { name: 'go' }],
  ['signal', ['go', '{"parcels": 3}'], 'signals', { name: 'go', data: { parcels: 3 } }],
  ['signal', ['go', 'null'], 'signals', { name: 'go', data: null }],
])('run %s %j asks the gateway, and prints the run', async (command, args, action, body) => {
  accept(action);
  const { exitCode, stdout, stderr } = await bench.baton(['run', command, '3f2a', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${RUN_ID}\n` });
  expect(bench.lastBody()).toEqual(body);
  expect(stderr).toContain(`baton run watch ${RUN_ID}`);
});

test('a signal takes its data from a file or stdin, and any JSON at all', async () => {
  accept('signals');
  await bench.baton(['run', 'signal', '3f2a', 'go', `@${bench.file('d.json', '[1, 2]')}`]);
  expect(bench.lastBody()).toEqual({ name: 'go', data: [1, 2] });
  await bench.baton(['run', 'signal', '3f2a', 'go', '@-'], { stdin: '"text"' });
  expect(bench.lastBody()).toEqual({ name: 'go', data: 'text' });
  expect(await bench.baton(['run', 'signal', '3f2a', 'go', 'hello'])).toMatchObject({ exitCode: 2 });
});

test('what the gateway refuses is said with what to do', async () => {
  bench.routes.set(`POST ${RUN_PATH}/retry`, (_, response) =>
    problem(response, 409, 'run-not-failed', 'Only a run that has failed can be retried; run x is running.'),
  );
  const { exitCode, stderr } = await bench.baton(['run', 'retry', '3f2a']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('is running');
  expect(stderr).toContain('baton run fork');
});

describe('run fork', () => {
  const FORK = '4f2a91c0-0000-4000-8000-000000000002';

  test('says what is to be otherwise', async () => {
    accept('fork', FORK);
    await bench.baton(['run', 'fork', '3f2a', '--at', '12', '--set', 'n=2', '--set', 'word=two', '--input', '[1]']);
    expect(bench.lastBody()).toEqual({ at: 12, set: { n: 2, word: 'two' }, input: [1] });
    for (const wrong of [
      ['--set', 'a.b=1'],
      ['--set', 'a=1', '--set', 'a=2'],
      ['--input', '{'],
    ]) {
      expect((await bench.baton(['run', 'fork', '3f2a', '--at', '12', ...wrong])).exitCode).toBe(2);
    }
  });

  test('prints the new run', async () => {
    accept('fork', FORK);
    expect(await bench.baton(['run', 'fork', '3f2a', '--at', '12', '--label', 'try=2'])).toMatchObject({
      exitCode: 0,
      stdout: `${FORK}\n`,
    });
    expect(bench.lastBody()).toEqual({ at: 12, labels: { try: '2' } });
  });

  test('follows the new run', async () => {
    accept('fork', RUN_ID);
    const { exitCode, stderr } = await bench.baton(['run', 'fork', '3f2a', '--at', '12', '--watch']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`Run ${RUN_ID} is forked`);
  });

  test.each([[[]], [['--at', '0']], [['--at', 'x']], [['--at', '1', '--label', 'x']]])(
    'with %j is a usage error before anything is sent',
    async (args) => {
      const before = bench.server.requests.length;
      expect((await bench.baton(['run', 'fork', '3f2a', ...args])).exitCode).toBe(2);
      expect(bench.server.requests.length).toBe(before);
    },
  );
});

test('a run shows that it is paused, what it waits for, and where it comes from', async () => {
  const since = '2026-01-01T00:00:01.000Z';
  const view = runView({
    status: 'paused',
    endedAt: null,
    currentStates: ['Ask', 'Go'],
    waitingFor: [
      { kind: 'approval', state: 'Ask', approvalId: `${RUN_ID}-4`, since },
      { kind: 'signal', state: 'Go', name: 'go', since },
      { kind: 'token', state: 'Order', since },
    ],
    parent: { runId: '11111111-0000-4000-8000-000000000001', commandId: '11111111-0000-4000-8000-000000000001-2' },
    forkedFrom: { runId: '22222222-0000-4000-8000-000000000001', version: 12 },
  });
  bench.serveRun(view);
  const { stdout } = await bench.baton(['run', 'get', '3f2a']);
  expect(stdout).toMatch(/^status +paused$/m);
  expect(stdout).toMatch(/^at +step 7 Ask, Go, waits for approval 3f2a91c0-4 and 2 more$/m);
  expect(stdout).toMatch(/^parent +run 11111111-0000-4000-8000-000000000001$/m);
  expect(stdout).toMatch(/^forked +from run 22222222-0000-4000-8000-000000000001 after its event 12$/m);
  expect(stdout).toMatch(/^Go +signal go +2026-01-01 00:00:01Z$/m);
  expect(stdout).toMatch(/^Order +an answer by the token of its task +2026-01-01 00:00:01Z$/m);
  bench.routes.set('GET /v1/runs', (_, response) => json(response, 200, { runs: [view], next: null }));
  expect((await bench.baton(['run', 'list'])).stdout).toMatch(/ paused .* waits for approval 3f2a91c0-4 and 2 more$/m);
});
