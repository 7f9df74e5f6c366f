import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const listing = (...runs: readonly object[]): void => {
  bench.routes.set('GET /v1/runs', (_, response) => json(response, 200, { runs, next: null }));
};

test('runs are listed by status, workflow, mode and labels', async () => {
  listing(runView());
  const filters = [
    '--status',
    'failed',
    '--workflow',
    'report',
    '--mode',
    'hybrid',
    '--label',
    'team=red',
    '--label',
    'a=b=c',
  ];
  expect((await bench.baton(['run', 'list', ...filters])).exitCode).toBe(0);
  const asked = new URL(bench.server.requests.at(-1)?.path ?? '', 'http://x').searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    status: 'failed',
    workflow: 'report',
    mode: 'hybrid',
    limit: '20',
  });
  expect(asked.getAll('label')).toEqual(['team=red', 'a=b=c']);
});

test.each([
  [['--status', 'faild'], /no status faild[\s\S]*Did you mean failed\?/],
  [['--mode', 'shdow'], /Did you mean shadow\?/],
  [['--label', 'team'], /not of the form key=value/],
])('a filter that cannot be is refused before anybody is asked: %j', async (args, says) => {
  const { exitCode, stderr } = await bench.baton(['run', 'list', ...args]);
  expect(stderr).toMatch(says);
  expect(exitCode).toBe(2);
  expect(bench.server.requests).toEqual([]);
});

test('a workflow that is misspelt does not look like one without runs', async () => {
  listing();
  const workflow = { name: 'seven-step', version: '1.0.0', title: 'Seven', sha256: 'ab'.repeat(32), source: 'shipped' };
  const workflows = [{ ...workflow, publishedAt: null, publishedBy: null, problem: null }];
  bench.routes.set('GET /v1/workflows', (_, response) => json(response, 200, { workflows }));
  const wrong = await bench.baton(['run', 'list', '--workflow', 'seven-setp']);
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean seven-step?') });
  const none = await bench.baton(['run', 'list', '--workflow', 'seven-step']);
  expect(none).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('No run is like that.') });
});
