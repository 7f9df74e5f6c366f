import type { EventView, Json } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, type Ended, RUN_PATH } from '../testing/baton.js';
import { entered, events, exited, RUN_ID, startedData } from '../testing/events.js';
import { json } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

type Row = readonly [string, Json];
const start: Row = ['RunStarted', startedData];
const asked = (n: number, resource: string): Row => [
  'TaskScheduled',
  { visit: n, resource, attempt: 1, commandId: `${RUN_ID}-${n}` },
];
const approval = (n: number): readonly Row[] => [entered(n, 'Ask'), asked(n, 'baton:approval')];
const work = (n: number): readonly Row[] => [entered(n, 'Plan'), asked(n, 'baton:worker:planner')];
const answered = (n: number): Row => [
  'ApprovalDecided',
  { visit: n, commandId: `${RUN_ID}-${n}`, decision: 'approve', comment: 'fine', by: { type: 'user', id: 'ada' } },
];
const succeeded: Row = ['RunSucceeded', { output: {} }];

/** Serves a live stream: each part is sent that many milliseconds after the one before. */
function serve(known: number, ...parts: readonly (readonly [afterMs: number, rows: readonly Row[]])[]): void {
  const all = events(...parts.flatMap(([, rows]) => rows));
  const running = runView({ version: known, status: 'running', endedAt: null });
  bench.serveRun(all.at(-1)?.type === 'RunSucceeded' ? runView({ version: all.length }) : running);
  // How the run stands when the watch begins.
  bench.routes.set('GET /v1/runs/3f2a', (_, response) => json(response, 200, running));
  bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let at = 0;
    let sent = 0;
    for (const [afterMs, { length }] of parts) {
      const part = all.slice(sent, sent + length);
      sent += length;
      at += afterMs;
      setTimeout(() => response.write(part.map(toSse).join('')), at);
    }
  });
}
const toSse = (event: EventView): string => `id: ${event.version}\ndata: ${JSON.stringify(event)}\n\n`;
const watch = (...args: readonly string[]): Promise<Ended> => bench.baton(['run', 'watch', '3f2a', ...args]);

describe('run watch, with nobody at a terminal', () => {
  test('says of a decision that it is answered with one of its moves', async () => {
    const question: Row = [
      'TaskScheduled',
      {
        ...{ visit: 1, resource: 'baton:approval', attempt: 1, commandId: `${RUN_ID}-1` },
        arguments: { about: 'decision', moves: [{ id: 'retry:same', text: 'try again' }] },
      },
    ];
    serve(3, [0, [start, entered(1, 'Plan'), question]]);
    const { exitCode, stderr } = await watch();
    expect(exitCode).toBe(8);
    expect(stderr).toContain('Plan waits for a decision: `baton approval show 3f2a91c0-1`, then');
    expect(stderr).toContain('`baton approval approve 3f2a91c0-1 --move MOVE`.');
  });

  test('ends with 8 once nothing but an approval is left to wait for, and says how to answer', async () => {
    serve(3, [0, [start, ...approval(1)]]);
    const { exitCode, stdout, stderr } = await watch();
    expect(exitCode).toBe(8);
    expect(stdout).toContain('Ask: waits for an approval');
    expect(stderr).toContain(`baton approval approve ${RUN_ID}-1`);
    expect(stderr).toContain('stopped:');
    expect(stderr).not.toContain('error:');
  });

  test('goes on while a worker is at it, and says once that somebody is asked', async () => {
    serve(5, [0, [start, ...approval(1), ...work(2)]], [600, [answered(1), exited(1)]], [100, [succeeded]]);
    const { exitCode, stdout, stderr } = await watch();
    expect(exitCode).toBe(0);
    expect(stderr.match(/waits for an approval/g)).toHaveLength(1);
    expect(stdout).toContain('Ask: approved by user ada: fine');
  });

  test('does not take an approval for open that is answered in the same breath, or long ago', async () => {
    serve(6, [0, [start, ...approval(1), answered(1), exited(1), ...approval(2)]], [100, [answered(2), succeeded]]);
    expect((await watch()).exitCode).toBe(0);
    serve(5, [0, [start, ...approval(1)]], [600, [answered(1), exited(1)]], [600, [succeeded]]);
    const { exitCode, stderr } = await watch();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining('approval') });
  });

  test('prints the run as JSON where that was asked for', async () => {
    serve(3, [0, [start, ...approval(1)]]);
    const { exitCode, stdout, stderr } = await watch('-o', 'json');
    expect(exitCode).toBe(8);
    expect(JSON.parse(stdout)).toMatchObject({ runId: RUN_ID, status: 'running' });
    expect(stderr).toContain('"code":"waiting-for-approval"');
  });
});

test('--exit-on-approval ends with 8 although a worker is at it', async () => {
  serve(5, [0, [start, ...approval(1), ...work(2)]]);
  expect((await watch('--exit-on-approval')).exitCode).toBe(8);
});

describe('--timeout', () => {
  test('ends with 7, and the run goes on', async () => {
    serve(3, [0, [start, ...work(1)]]);
    const { exitCode, stderr } = await watch('--timeout', '1s');
    expect(exitCode).toBe(7);
    expect(stderr).toContain(`baton run watch ${RUN_ID}`);
  });
  test('ends with 8 where an approval is among what is waited for', async () => {
    serve(5, [0, [start, ...approval(1), ...work(2)]]);
    expect((await watch('--timeout', '1')).exitCode).toBe(8);
  });
  test.each(['0', 'x', '5d', '-1', '9999h'])('of %s is a usage error', async (word) => {
    expect((await watch(`--timeout=${word}`)).exitCode).toBe(2);
  });
});

test('a run that failed and was retried is followed to its real end', async () => {
  const failed: Row = ['RunFailed', { error: 'E', cause: 'c' }];
  const retried: Row = ['RunRetried', { carry: { state: { visits: [{ visit: 1, frame: 0, state: 'Plan' }] } } }];
  serve(4, [0, [start, ...work(1), failed, retried]], [200, [exited(1), succeeded]]);
  const { exitCode, stdout } = await watch();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('run taken up again');
  expect(stdout.trim().split('\n').at(-1)).toContain('run succeeded');
});
