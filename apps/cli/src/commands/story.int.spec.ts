import { StepView } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { entered, events, startedData } from '../testing/events.js';
import { json } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const command = (n: number) => ({ visit: 1, commandId: `3f2a91c0-0000-4000-8000-000000000001-${n}` });
const scheduled = (n: number, attempt: number) =>
  [
    'TaskScheduled',
    { ...command(n), resource: 'baton:worker:planner', arguments: { requirements: 'x' }, attempt },
  ] as const;

/** A state that fails, is tried again, and is visited a second time. */
const STORY = events(
  ['RunStarted', startedData],
  entered(1, 'Plan'),
  scheduled(1, 1),
  ['TaskFailed', { ...command(1), error: 'Baton.ModelUnavailable', cause: 'busy', retryable: true }],
  ['StateRetried', { visit: 1, retrier: 0, error: 'Baton.ModelUnavailable', cause: 'busy', notBefore: 'later' }],
  scheduled(2, 2),
  [
    'TaskSucceeded',
    {
      ...command(2),
      output: { goal: 'g' },
      model: 'claude-opus-5-5',
      usage: { inputTokens: 30, outputTokens: 12 },
      knowledge: {
        read: [],
        leftOut: [{ location: 'docs/none.md', reason: 'there is no such file: check it' }],
        searched: { sources: 0, bytes: 0 },
      },
    },
  ],
  ['StateExited', { visit: 1, output: { goal: 'g' }, assign: { plan: 'p' }, next: 'Check' }],
  entered(2, 'Check'),
  ['StateFailed', { visit: 2, error: 'E', cause: 'because' }],
  entered(3, 'Plan'),
);

function serve(): void {
  const view = runView({ version: STORY.length });
  bench.routes.set('GET /v1/runs/3f2a', (_, response) => json(response, 200, view));
  bench.routes.set(`GET ${RUN_PATH}/events`, ({ path, headers }, response) => {
    if (headers.accept === 'text/event-stream') {
      const after = Number(headers['last-event-id'] ?? 0);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = [
        ...STORY,
        ...events(...STORY.map(() => ['X', {}] as const), ['RunSucceeded', { output: {} }]).slice(-1),
      ];
      for (const each of more.filter(({ version }) => version > after)) {
        response.write(`id: ${each.version}\ndata: ${JSON.stringify(each)}\n\n`);
      }
      return;
    }
    const after = Number(new URLSearchParams(path.split('?')[1]).get('after'));
    json(response, 200, { events: STORY.filter(({ version }) => version > after), next: null });
  });
  bench.routes.set(`GET ${RUN_PATH}/state`, ({ path }, response) => {
    const at = Number(new URLSearchParams(path.split('?')[1]).get('at'));
    const visits = [{ visit: at === 2 ? 1 : 3, input: { given: at } }];
    json(response, 200, { runId: view.runId, at, of: STORY.length, state: { visits } });
  });
}
beforeEach(serve);

describe('the events of a run', () => {
  test('may be those of some types only', async () => {
    const { stdout } = await bench.baton(['run', 'events', '3f2a', '--type', 'TaskFailed', '--type', 'StateFailed']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ +/)[0]),
    ).toEqual(['VERSION', '4', '10']);
  });

  test('may be the newest only, which are read alone', async () => {
    const { stdout } = await bench.baton(['run', 'events', '3f2a', '--limit', '2', '-o', 'jsonl']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).version),
    ).toEqual([10, 11]);
    expect(bench.server.requests.at(-1)?.path).toContain('after=9');
  });

  test('of a type that is misspelt are none, and the right one is named', async () => {
    const { stdout, stderr, exitCode } = await bench.baton(['run', 'events', '3f2a', '--type', 'TaskFaild']);
    expect([stdout, exitCode]).toEqual(['', 0]);
    expect(stderr).toBe('The run has no event of type TaskFaild. Did you mean "TaskFailed"?\n');
  });

  test('can be followed from the newest on to the end of the run', async () => {
    const { stdout, exitCode } = await bench.baton([
      'run',
      'events',
      '3f2a',
      '--follow',
      '--limit',
      '1',
      '-o',
      'jsonl',
    ]);
    expect(exitCode).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).version),
    ).toEqual([11, 12]);
  });

  test('can be left while they are followed', async () => {
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 200);
    bench.routes.set(`GET ${RUN_PATH}/events`, ({ headers }, response) => {
      if (headers.accept === 'text/event-stream')
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
      else json(response, 200, { events: STORY, next: null });
    });
    const { exitCode, stderr } = await bench.baton(['run', 'events', '3f2a', '-f'], { signal: leaving.signal });
    expect(exitCode).toBe(130);
    expect(stderr).toContain('--follow');
  });

  test('are not limited to a number that is none', async () => {
    const { exitCode, stderr } = await bench.baton(['run', 'events', '3f2a', '--limit', 'ten']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--limit ten is not a number');
  });
});

describe('a step', () => {
  test('may be named by its number, where that is of one state, and says what each attempt cost', async () => {
    const at = { ...runView({ version: STORY.length }).steps[0] };
    const steps = [at, { ...at, attempt: 2 }, { ...at, state: 'Check', step: 2 }, { ...at, state: 'Test', step: 2 }];
    const view = runView({ version: STORY.length, steps: steps.map((each) => StepView.parse(each)) });
    bench.routes.set('GET /v1/runs/3f2a', (_, response) => json(response, 200, view));
    const { stdout } = await bench.baton(['run', 'step', '3f2a', '1', '--visit', '1']);
    expect(stdout).toMatch(/^state {5}Plan$/m);
    expect(stdout).toMatch(/^ATTEMPT +STATUS +TIME +MODEL +TOKENS +USD/m);
    const several = await bench.baton(['run', 'step', '3f2a', '2']);
    expect(several.stderr).toContain('Step 2 of run 3f2a91c0 has several states: Check, Test.');
    expect((await bench.baton(['run', 'step', '3f2a', '9'])).stderr).toContain('has not visited a state 9');
  });

  test('shows what it was given, each attempt, and what it gave', async () => {
    const { stdout } = await bench.baton(['run', 'step', '3f2a', 'Plan', '--visit', '1']);
    expect(stdout).toMatch(/^visit {5}1 of 2$/m);
    expect(stdout).toMatch(/^status {4}succeeded$/m);
    expect(stdout).toMatch(/^1 +failed +1\.0 s +- +- +Baton\.ModelUnavailable: busy$/m);
    expect(stdout).toMatch(/^2 +succeeded +1\.0 s +claude-opus-5-5 +42$/m);
    expect(stdout).toContain('Nothing of the documentation was read.');
    expect(stdout).toMatch(/^docs\/none\.md +there is no such file: check it$/m);
    expect(stdout).toContain('input:\n{\n  "given": 2\n}');
    expect(stdout).toContain('arguments:\n{\n  "requirements": "x"\n}');
    expect(stdout).toContain('output:\n{\n  "goal": "g"\n}');
    expect(stdout).toContain('variables set:\n{\n  "plan": "p"\n}');
  });

  test('is its last visit, and that may be open', async () => {
    const { stdout } = await bench.baton(['run', 'step', '3f2a', 'Plan', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ ordinal: 2, visits: 2, status: 'open', input: { given: 11 } });
  });

  describe('in which a model was asked', () => {
    const usage = { inputTokens: 10, outputTokens: 7, cacheReadTokens: 900, cacheWriteTokens: 90 };
    const answer = { kind: 'answer', text: '', content: [], stopReason: 'tool_use', model: 'claude-opus-5-5', usage };
    const calls = [{ id: 'c1', name: 'read', input: { path: 'src/a.ts' } }];
    const entries = [
      { kind: 'opening', system: 'You work.', prompt: 'Do it.', tools: ['read', 'finish'] },
      { ...answer, requestId: 'r', calls, tookMs: 1_500 },
      { kind: 'outcome', callId: 'c1', text: '1\tconst a = 1', isError: false, changes: [], tookMs: 3 },
    ];
    const path = `${command(2).commandId}`;
    const serveIt = (status: number, body: object) =>
      bench.routes.set(`GET ${RUN_PATH}/conversation`, ({ path: asked }, response) => {
        expect(asked).toContain(`command=${path}`);
        json(response, status, body);
      });

    test('shows in lines what was said and done, and what it used', async () => {
      serveIt(200, { commandId: path, entries, unread: 0 });
      const { stdout } = await bench.baton(['run', 'step', '3f2a', 'Plan', '--visit', '1']);
      expect(stdout).toMatch(/^0 +baton +asks, with read finish/m);
      expect(stdout).toMatch(/^1 +claude-opus-5-5 +read\(src\/a\.ts\) +1000 +900 +7 +1\.5 s$/m);
      expect(stdout).toMatch(/^2 +read +1 +const a = 1/m);
    });

    test('shows the steps of a graph, where its worker is one', async () => {
      const step = { step: 2, source: 'loop', namespace: '', checkpoint: '1f0a', changed: ['notes', 'used'] };
      serveIt(200, { commandId: path, entries: [], steps: [step], unread: 0 });
      const { stdout } = await bench.baton(['run', 'step', '3f2a', 'Plan', '--visit', '1']);
      expect(stdout).toMatch(/^2 +loop +notes used +1f0a$/m);
    });

    test('shows every word where that is asked for', async () => {
      serveIt(200, { commandId: path, entries, unread: 0 });
      const { stdout } = await bench.baton(['run', 'step', '3f2a', 'Plan', '--visit', '1', '--conversation']);
      expect(stdout).toContain('#0 system and prompt\nYou work.\n\nDo it.');
      expect(stdout).toContain('c1: read {\n  "path": "src/a.ts"\n}');
    });

    test('shows the rest to whoever may not look, and says so where it was asked for', async () => {
      serveIt(403, { status: 403, code: 'forbidden', detail: 'Not for you.', title: 'Forbidden' });
      expect((await bench.baton(['run', 'step', '3f2a', 'Plan', '--visit', '1'])).exitCode).toBe(0);
      const asked = await bench.baton(['run', 'step', '3f2a', 'Plan', '--visit', '1', '--conversation']);
      expect(asked).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('Use a BATON_TOKEN with the right for this.'),
      });
    });
  });

  test('that failed says why', async () => {
    const { stdout } = await bench.baton(['run', 'step', '3f2a', 'Check']);
    expect(stdout).toMatch(/^error +E: because$/m);
  });

  test('that is misspelt is named rightly', async () => {
    const { exitCode, stderr } = await bench.baton(['run', 'step', '3f2a', 'plan']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Did you mean "Plan"?\nnext:  It has visited Plan, Check.');
  });

  test('has no more visits than it had', async () => {
    const { exitCode, stderr } = await bench.baton(['run', 'step', '3f2a', 'Check', '--visit', '2']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has visited Check once, not 2');
  });
});

describe('two states of a run', () => {
  test('are compared in words, with what happened in between', async () => {
    bench.routes.set(`GET ${RUN_PATH}/state`, ({ path }, response) => {
      const at = Number(new URLSearchParams(path.split('?')[1]).get('at') ?? STORY.length);
      const state = { status: at < 4 ? 'running' : 'failed', visits: [{ visit: at, state: 'Plan' }] };
      json(response, 200, { runId: RUN_PATH.slice('/v1/runs/'.length), at, of: STORY.length, state });
    });
    const { stdout, exitCode } = await bench.baton(['replay', '3f2a', '--at', '4', '--diff', '2']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('from event 2 to 4:');
    expect(stdout).toMatch(/^3 +TaskScheduled/m);
    expect(stdout).toContain('The run is failed; it was running.\nPlan is over.\nPlan has begun.\n');
    const narrow = await bench.baton(['replay', '3f2a', '--at', '4', '--diff', '2'], { width: 50 });
    expect(Math.max(...narrow.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
    const { changes } = JSON.parse(
      (await bench.baton(['replay', '3f2a', '--at', '4', '--diff', '2', '-o', 'json'])).stdout,
    );
    expect(changes).toContain('visits › visit 2 Plan: gone, was {"visit":2,"state":"Plan"}');
    const same = await bench.baton(['replay', '3f2a', '--at', '2', '--diff', '2']);
    expect(same.stdout).toContain('Nothing is different.');
  });

  test('are named by numbers', async () => {
    const { exitCode, stderr } = await bench.baton(['replay', '3f2a', '--diff', 'x']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--diff x is not the number of an event');
  });
});

test('queues are listed, and can be filled again', async () => {
  const counts = { active: 2, delayed: 3, completed: 0, failed: 4 };
  const queue = { name: 'intake', waiting: 1, oldestMs: 65_000, doneLastMinute: 7, ...counts };
  const idle = { ...queue, name: 'results-0', waiting: 0, oldestMs: null };
  bench.routes.set('GET /v1/queues', (_, response) => json(response, 200, { queues: [queue, idle] }));
  bench.routes.set('POST /v1/queues/rebuild', (_, response) => json(response, 202, { status: 'accepted' }));
  const { stdout } = await bench.baton(['queue', 'list']);
  expect(stdout).toMatch(/^QUEUE +WAITING +OLDEST +ACTIVE +DELAYED +DONE\/MIN +FAILED$/m);
  expect(stdout).toMatch(/^intake +1 +1 min 05 s +2 +3 +7 +4$/m);
  expect(stdout).toMatch(/^results-0 +0 +- +2 +3 +7 +4$/m);
  const rebuilt = await bench.baton(['queue', 'rebuild']);
  expect([rebuilt.exitCode, rebuilt.stderr]).toEqual([0, expect.stringContaining('baton queue list')]);
});
