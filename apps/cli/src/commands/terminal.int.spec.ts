import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../environment.js';
import { Bench } from '../testing/baton.js';
import { json, problem } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterAll(() => bench.stop());

/** Every advice that the gateway gives anywhere in its sources, with the code it comes with. */
function advicesOfGateway(): readonly (readonly [string, string])[] {
  const folder = join(ROOT, 'apps/gateway/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!spec)\.ts$/.test(name),
  );
  return files.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(/code: '([a-z-]+)',\s+next: ['`](.+)['`],/g)].map(([, code = '', next = '']) => [
      code,
      next,
    ]);
  });
}

describe('what a person reads at a terminal', () => {
  const advices = advicesOfGateway();

  test('is all the advice of the gateway', () => {
    expect(advices.length).toBeGreaterThan(20);
    expect(advices.filter(([, next]) => /GET \//.test(next)).length).toBeGreaterThan(5);
  });

  test.each(advices)('has no word of HTTP: %s, %s', async (code, next) => {
    bench.routes.set('GET /v1/runs', (_, response) => problem(response, 422, code, 'It is so.', { next }));
    const { stderr } = await bench.baton(['run', 'list']);
    expect(stderr).toMatch(/^error: It is so\.\nnext: {2}\S.+\n$/);
    expect(stderr).not.toMatch(/\b(GET|POST|DELETE) \/|errors\[\]|If-Match|[Hh]eader|\/v1\//);
  });
});

describe('what is not there', () => {
  const missing = advicesOfGateway().filter(([code]) => /-not-found$/.test(code) && code !== 'run-not-found');

  test('is told of with a code of its own', () => expect(missing.length).toBeGreaterThan(10));

  test.each(missing)('is not looked for among the runs: %s, %s', async (code, next) => {
    bench.routes.set('GET /v1/runs', (_, response) => problem(response, 404, code, 'It is not there.', { next }));
    const { stderr } = await bench.baton(['run', 'list']);
    expect(stderr).not.toContain('`baton run list`');
  });
});

describe('a list on a narrow terminal', () => {
  test.each([50, 80, 120])('of %d columns fits', async (width) => {
    const runs = ['running', 'failed'].map((status) =>
      runView({ status: status === 'failed' ? 'failed' : 'running', models: ['claude-opus-5-5', 'claude-sonnet-5-5'] }),
    );
    bench.routes.set('GET /v1/runs', (_, response) => json(response, 200, { runs, next: null }));
    const { stdout } = await bench.baton(['run', 'list'], { width });
    const lines = stdout.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(stdout).toContain('3f2a91c0');
  });
});

describe('a run that ended because a person said no', () => {
  test('is told apart from one that failed: exit code 6', async () => {
    bench.serveRun(
      runView({
        status: 'failed',
        error: 'Baton.Rejected',
        cause: 'too expensive',
        endedAt: '2026-01-01T00:00:04.000Z',
        version: 4,
      }),
    );
    const { exitCode, stderr } = await bench.baton(['run', 'watch', '3f2a']);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('Baton.Rejected: too expensive');
  });
});
