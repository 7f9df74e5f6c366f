import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createPool, setLimits } from '@baton/event-store';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { WorkerFixture } from './testing/worker-fixture.js';

/** As built: a process knows no TypeScript. */
const BUILT = new URL('../dist/', import.meta.url).href;
const CALLS = 8;

/** A worker that asks for turns of two models, as often as it can, and says what became of each look. */
const ASKER = `
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectWorker } from '${BUILT}connect-worker.js';

const quiet = { info() {}, warn() {}, debug() {}, error() {} };
const about = { kind: 'asker', description: '', version: '', bundle: 1, looksForOdds: false, input: null, output: null };
const env = { DATABASE_URL: process.env.DATABASE_URL, BATON_CONCURRENCY: 1 };
const { connected, prepared } = await connectWorker(about, async (parts) => parts, quiet, env);
let isOver = false;
const call = async (model) => {
  const turns = prepared.turnsFor('a-command');
  const callId = randomUUID();
  while (!isOver) {
    const { mayBegin } = await turns.take({ callId, model, isOffline: false, tokens: 10 });
    console.log(mayBegin ? 'begun ' + model : 'waits');
    if (mayBegin) {
      await sleep(100);
      await turns.end(callId, 10);
      return;
    }
    await sleep(30);
  }
};
process.stdin.resume().on('end', () => { isOver = true; });
await Promise.all(['requests', 'tokens'].flatMap((model) => Array.from({ length: ${CALLS} }, () => call(model))));
while (!isOver) await sleep(20);
await connected.close();
`;

function ask(DATABASE_URL: string): { readonly child: ChildProcess; readonly said: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'baton-asker-'));
  const file = join(folder, 'asker.mjs');
  writeFileSync(file, ASKER);
  const child = spawn(process.execPath, [file], { env: { DATABASE_URL }, stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const said: string[] = [];
  if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => said.push(line));
  return { child, said };
}

test('requests and tokens of a minute, and calls at once, hold over two worker processes', async () => {
  const fixture = await WorkerFixture.open(inject('postgresUrl'), 'asker');
  onTestFinished(() => fixture.close());
  const owner = createPool(fixture.env.DATABASE_URL, { role: 'owner', applicationName: 'limits-test', max: 1 });
  onTestFinished(() => owner.end());
  await setLimits(owner, {
    models: { named: { requests: { requestsPerMinute: 6, atOnce: 2 }, tokens: { tokensPerMinute: 45 } } },
  });
  const workers = [ask(fixture.env.DATABASE_URL), ask(fixture.env.DATABASE_URL)];
  const count = (line: string): number => workers.flatMap(({ said }) => said).filter((each) => each === line).length;
  const patiently = { timeout: 40_000, interval: 50 };
  await vi.waitFor(() => expect([count('begun requests'), count('begun tokens')]).toEqual([6, 4]), patiently);
  // Both go on to ask, and nothing more begins.
  const before = workers.map(({ said }) => said.length);
  await vi.waitFor(() => {
    for (const [n, { said }] of workers.entries()) expect(said.length).toBeGreaterThan((before[n] ?? 0) + 2 * CALLS);
  }, patiently);
  expect([count('begun requests'), count('begun tokens')]).toEqual([6, 4]);
  const { rows } = await owner.query(
    `select max((select count(*) from baton.model_call o
                  where o.model = c.model and o.begun_at <= c.begun_at and o.ended_at > c.begun_at))::int as most
       from baton.model_call c where c.model = 'requests' and c.begun_at is not null`,
  );
  expect(rows).toEqual([{ most: 2 }]);
  for (const { child } of workers) child.stdin?.end();
  for (const { child } of workers) if (child.exitCode === null) await once(child, 'exit');
  expect(workers.map(({ child }) => child.exitCode)).toEqual([0, 0]);
}, 60_000);
