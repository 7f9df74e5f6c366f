import type { Json } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { events, RUN_ID, startedData } from '../testing/events.js';
import { json } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

describe('run watch', () => {
  test('follows to the end with plain lines in a pipe', async () => {
    bench.serveRun();
    const { exitCode, stdout } = await bench.baton(['run', 'watch', '3f2a']);
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toBe(' 0:03  run succeeded after 3.0 s');
    expect(stdout).not.toContain('\u001b');
  });

  const serveEnd = (input: Json, output: Json): void => {
    const list = events(['RunStarted', { ...startedData, input }], ['RunSucceeded', { output }]);
    bench.serveRun(runView({ version: 2 }));
    bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(list.map((event) => `id: ${event.version}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
    });
  };

  test('of a run on a workspace says how its work comes back into a repository', async () => {
    const tree = 'a'.repeat(64);
    serveEnd({}, { files: [{ path: 'a.ts', content: '' }] });
    expect((await bench.baton(['run', 'watch', '3f2a'])).stderr).toContain('`baton run result 3f2a91c0 --out DIR`');
    serveEnd({ workspace: { tree } }, { workspace: { base: tree, tree: 'b'.repeat(64) } });
    expect((await bench.baton(['run', 'watch', '3f2a'])).stderr).toContain(
      '`baton run result 3f2a91c0 --branch NAME`, --patch or `--out DIR`',
    );
  });

  test('offers no files of a run that made none', async () => {
    serveEnd({}, { words: 8 });
    const { stderr } = await bench.baton(['run', 'watch', '3f2a']);
    expect(stderr).toContain('Print its output with `baton run result 3f2a91c0`.');
    expect(stderr).not.toContain('--out');
  });

  test('gives the events as they are under jsonl, and the run under json', async () => {
    bench.serveRun();
    const { stdout } = await bench.baton(['run', 'watch', '3f2a', '-o', 'jsonl']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).version),
    ).toEqual([1, 2, 3, 4]);
    expect(JSON.parse((await bench.baton(['run', 'watch', '3f2a', '-o', 'json'])).stdout)).toMatchObject({
      runId: RUN_ID,
    });
  });

  test.each([
    ['failed', 5, /failed: Baton\.NotConverged: too many rounds/],
    ['cancelled', 6, /was cancelled: too many rounds/],
  ] as const)('of a run that %s exits with %i and says why', async (status, code, says) => {
    bench.serveRun(runView({ version: 4, status, error: 'Baton.NotConverged', cause: 'too many rounds' }));
    const { exitCode, stderr } = await bench.baton(['run', 'watch', '3f2a']);
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(says);
  });

  test('is left with Ctrl-C, and says how to come back', async () => {
    bench.serveRun(runView({ version: 4 }));
    bench.routes.set(
      `GET ${RUN_PATH}/events`,
      (_, response) => void response.writeHead(200).write(': nothing yet\n\n'),
    );
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const { exitCode, stderr } = await bench.baton(['run', 'watch', '3f2a'], { signal: stop.signal });
    expect(exitCode).toBe(130);
    expect(stderr).toContain(`run ${RUN_ID} goes on`);
    expect(stderr).toContain(`baton run watch ${RUN_ID}`);
    expect(bench.server.requests.some(({ path: asked }) => asked.endsWith('/cancel'))).toBe(false);
  });

  test('waits for the view, which is folded behind the log', async () => {
    bench.serveRun();
    let asked = 0;
    bench.routes.set(`GET ${RUN_PATH}`, (_, response) => {
      asked += 1;
      json(
        response,
        200,
        runView(
          asked < 3 ? { version: 2, status: 'running' } : { version: 4, status: 'failed', error: 'E', cause: 'c' },
        ),
      );
    });
    expect((await bench.baton(['run', 'watch', '3f2a'])).exitCode).toBe(5);
  });
});
