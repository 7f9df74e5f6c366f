import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { RUN_ID } from '../testing/events.js';
import { json } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

describe('lists and single things', () => {
  test('runs are a table, or JSON', async () => {
    bench.routes.set('GET /v1/runs', (_, response) => json(response, 200, { runs: [runView()], next: null }));
    const { stdout } = await bench.baton(['run', 'list']);
    expect(stdout).toMatch(/^RUN {7}WORKFLOW/);
    expect(stdout).toMatch(/^3f2a91c0 {2}seven-step@1\.0\.0 {2}succeeded .* 4\.0 s {2}offline$/m);
    expect(JSON.parse((await bench.baton(['run', 'list', '-o', 'json'])).stdout)).toHaveLength(1);
  });

  test('a long list is fetched page by page, up to the limit', async () => {
    bench.routes.set('GET /v1/runs', ({ path: asked }, response) => {
      const query = new URLSearchParams(asked.split('?')[1]);
      const runs = Array.from({ length: Number(query.get('limit')) }, () => runView());
      json(response, 200, { runs, next: 'more' });
    });
    const { stdout, stderr } = await bench.baton(['run', 'list', '--limit', '150']);
    expect(stdout.trim().split('\n')).toHaveLength(151);
    expect(bench.server.requests.slice(-2).map((request) => request.path)).toEqual([
      '/v1/runs?limit=100',
      '/v1/runs?limit=50&cursor=more',
    ]);
    expect(stderr).toContain('There are more: `baton run list --limit 150 --after more`.');
  });

  test('an empty list says so on stderr', async () => {
    bench.routes.set('GET /v1/runs', (_, response) => json(response, 200, { runs: [], next: null }));
    expect(await bench.baton(['run', 'list'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'There are no runs. Submit one with `baton run submit`.\n',
    });
  });

  test('a run shows its model, steps and scores', async () => {
    bench.serveRun();
    const { stdout } = await bench.baton(['run', 'get', '3f2a']);
    expect(stdout).toMatch(/^model {6}offline$/m);
    expect(stdout).toMatch(/^1 {5}Initial plan {2}Plan {3}planner {2}succeeded/m);
    expect(stdout).toMatch(/^plan {3}1 {6}alignment 7$/m);
  });

  test('a run that is not there is exit code 3', async () => {
    const { exitCode, stderr } = await bench.baton(['run', 'get', 'dead']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('baton run list');
  });

  test('events are rows or lines', async () => {
    bench.serveRun();
    expect((await bench.baton(['run', 'events', '3f2a'])).stdout).toMatch(
      /^2 .* StateEntered .* system:hub .* StateEntered\.$/m,
    );
    expect((await bench.baton(['run', 'events', '3f2a', '-o', 'jsonl'])).stdout.trim().split('\n')).toHaveLength(4);
  });

  test('dead letters are listed', async () => {
    const letter = {
      id: 1,
      at: '2026-01-01T00:00:00Z',
      source: 'intake',
      name: 'submit',
      reason: 'no workflow',
      message: '{}',
      isCut: false,
    };
    bench.routes.set('GET /v1/dead-letters', (_, response) =>
      json(response, 200, { deadLetters: [letter], next: null }),
    );
    const { stdout, stderr } = await bench.baton(['queue', 'dead-letters']);
    expect(stdout).toMatch(/^1 .* intake {2}submit {2}no workflow$/m);
    expect(stderr).toContain('baton queue dead-letters requeue 1`');
    expect(bench.server.requests.at(-1)?.path).toBe('/v1/dead-letters?limit=50&status=open');
    expect((await bench.baton(['queue', 'dead-letters', '--status', 'opne'])).stderr).toContain('Did you mean open?');
  });

  test('a dead letter is taken up again, and the answer says what that means for it', async () => {
    bench.routes.set('POST /v1/dead-letters/7/requeue', (_, response) =>
      json(response, 202, {
        ...{ id: 7, at: 'x', source: 'hub', name: 'FailTask', reason: 'r', message: '{}', isCut: false },
        runId: RUN_ID,
      }),
    );
    const { exitCode, stdout, stderr } = await bench.baton(['queue', 'dead-letters', 'requeue', '7']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '7\n' });
    expect(stderr).toMatch(new RegExp(`The run goes on.*baton run watch ${RUN_ID}`));
    expect(await bench.baton(['queue', 'dead-letters', 'requeue', 'x'])).toMatchObject({ exitCode: 2 });
  });
});

describe('run result', () => {
  const output = { files: [{ path: 'src/a.ts', content: 'export {};\n' }], testCommand: 'node --test', notes: 'n' };
  const result = (change: object) => {
    bench.serveRun();
    bench.routes.set(`GET ${RUN_PATH}/result`, (_, response) =>
      json(response, 200, { runId: RUN_ID, status: 'succeeded', output, error: null, cause: null, ...change }),
    );
  };

  test('prints the output as JSON', async () => {
    result({});
    expect(JSON.parse((await bench.baton(['run', 'result', '3f2a'])).stdout)).toEqual(output);
  });
  test('says beside it what was read of the documentation, and what was left out and why', async () => {
    const read = (sha256: string, shownBytes: number) => ({
      source: 'docs/a.md',
      sha256: sha256.repeat(64),
      bytes: 9,
      at: '2026-11-27T12:00:00.000Z',
      shownBytes,
    });
    const searched = { sources: 1, bytes: 9 };
    const leftOut = [{ location: '../\u001b[31mup', reason: 'it leads out: name another' }];
    result({
      knowledge: [
        { state: 'Plan', read: [read('a', 4)], leftOut, searched },
        { state: 'Review', read: [read('a', 3), read('b', 1)], leftOut: [], searched },
      ],
    });
    const { stdout, stderr } = await bench.baton(['run', 'result', '3f2a']);
    expect(JSON.parse(stdout)).toEqual(output);
    expect(stderr).toMatch(/^docs\/a\.md +9 +a{12} +2026-11-27T12:00:00\.000Z +7 +Plan Review$/m);
    expect(stderr).toMatch(/^docs\/a\.md +9 +b{12} .* 1 +Review$/m);
    expect(stderr).toMatch(/^\.\.\/ \[31mup +it leads out: name another$/m);
    expect((await bench.baton(['run', 'result', '3f2a', '-o', 'json'])).stderr).toBe('');
  });
  test('writes the files, and says how to test them', async () => {
    result({});
    const { exitCode, stdout, stderr } = await bench.baton(['run', 'result', '3f2a', '--out', 'build']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'src/a.ts\n' });
    expect(stderr).toContain('node --test');
    expect(readFileSync(join(bench.dir, 'build/src/a.ts'), 'utf8')).toBe('export {};\n');
  });
  test('writes nothing when a path leads outside', async () => {
    result({ output: { files: [{ path: '../evil', content: 'x' }] } });
    expect(await bench.baton(['run', 'result', '3f2a', '--out', 'build'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
  test('of an output without files says so', async () => {
    result({ output: { answer: 42 } });
    expect((await bench.baton(['run', 'result', '3f2a', '--out', 'build'])).stderr).toContain('no files');
  });
  test('of a failed run is exit code 5', async () => {
    result({ status: 'failed', output: null, error: 'E', cause: 'c' });
    expect(await bench.baton(['run', 'result', '3f2a'])).toMatchObject({ exitCode: 5, stdout: '' });
  });
});

test('replay prints the state, and with json where it stands', async () => {
  bench.serveRun();
  bench.routes.set(`GET ${RUN_PATH}/state`, (_, response) =>
    json(response, 200, { runId: RUN_ID, at: 2, of: 4, state: { status: 'running' } }),
  );
  const plain = await bench.baton(['replay', '3f2a', '--at', '2']);
  expect(JSON.parse(plain.stdout)).toEqual({ status: 'running' });
  expect(plain.stderr).toContain('after event 2 of 4');
  expect(bench.server.requests.at(-1)?.path).toBe(`${RUN_PATH}/state?at=2`);
  expect(JSON.parse((await bench.baton(['replay', '3f2a', '-o', 'json'])).stdout)).toMatchObject({
    at: 2,
    of: 4,
    state: {},
  });
});

test.each([
  [true, null, 0],
  [false, 'event 7 has another hash', 9],
])('audit verify of a log that is %s', async (verified, problemFound, code) => {
  bench.routes.set('GET /v1/audit/verify', (_, response) =>
    json(response, 200, { verified, events: 84, runs: 1, problem: problemFound }),
  );
  const { exitCode, stdout, stderr } = await bench.baton(['audit', 'verify']);
  expect(exitCode).toBe(code);
  expect(stdout).toMatch(/^events {4}84$/m);
  expect(stderr.includes('event 7')).toBe(!verified);
});
