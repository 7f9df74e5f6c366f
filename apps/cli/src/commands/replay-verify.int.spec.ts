import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const runId = '3f2a91c0-0000-4000-8000-000000000000';
const engine = { engine: 1, orders: 3, events: 11, otherwise: 0, example: null, firstPosition: 1, lastPosition: 11 };
const report = { verified: true, runs: 1, events: 11, engine: 1, engines: [engine], fault: null, durationMs: 40 };

function answers(path: string, told: object): void {
  bench.routes.set(`GET ${path}`, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: progress\ndata: ${JSON.stringify({ events: 5, of: 11 })}\n\n`);
    response.end(`event: report\ndata: ${JSON.stringify(told)}\n\n`);
  });
}

describe('baton replay --verify', () => {
  test('says that everything is decided as it is recorded, and how far it is meanwhile', async () => {
    answers('/v1/audit/replay', report);
    const { exitCode, stdout, stderr } = await bench.baton(['replay', '--all', '--verify']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/verified +yes/);
    expect(stderr).toContain('45 % of 11 events decided again');
  });

  test('shows both sides of the first difference, and exits with 9', async () => {
    const sides = { recorded: { type: 'A', data: { next: 'x' } }, decided: { type: 'A', data: { next: 'y' } } };
    const fault = { runId, version: 4, position: 17, problem: 'the log has another A', ...sides };
    answers('/v1/audit/replay', { ...report, verified: false, fault });
    const { exitCode, stdout, stderr } = await bench.baton(['replay', runId, '--verify']);
    expect(exitCode).toBe(9);
    expect(bench.server.requests.at(-1)?.path).toBe(`/v1/audit/replay?run=${runId}`);
    expect(stdout).toContain(`Run ${runId}, event 4, position 17 of the log: the log has another A.`);
    expect(stdout).toMatch(/recorded: A\n {2}\{\n {4}"next": "x"\n {2}\}\ndecided: A\n {2}\{\n {4}"next": "y"/);
    expect(stderr).toContain('event 4: the log has another A');
  });

  test('tells what an engine of before decided otherwise, and that this proves nothing', async () => {
    answers('/v1/audit/replay', { ...report, engines: [{ ...engine, engine: null, otherwise: 2 }] });
    const { exitCode, stderr } = await bench.baton(['replay', '--all', '--verify']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'Of 2 orders that an engine of before decided, engine 1 of this program decides something else.',
    );
  });

  test.each([
    [['replay'], 'Which run?'],
    [['replay', '--all'], '--all is for --verify'],
    [['replay', runId, '--all', '--verify'], 'Either --all or one run'],
    [['replay', runId, '--verify', '--at', '3'], '--verify goes over the whole of a run'],
  ])('%j is refused with a sentence', async (words, problem) => {
    const { exitCode, stderr } = await bench.baton(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
  });
});
