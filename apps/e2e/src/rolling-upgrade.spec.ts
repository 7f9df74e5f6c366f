import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunList, Verification } from '@baton/contracts';
import { programOf } from '@baton/service-kit';
import { ROOT, Stack, until } from '@baton/test-stack';
import { expect, inject, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { startGateway, startOrchestrator, startStepWorker } from './testing/side-process.js';
import { SteadyLoad } from './testing/steady-load.js';

/*
 * The last released version is built beside this one, and a system that it began is brought up to date while runs are under way:
 * the database first, then gateways, then orchestrators, then workers. In between both versions work on the same runs, and whoever
 * looks through a gateway of this version sees them all.
 */

const run = promisify(execFile);
const MINUTE_MS = 60_000;

/** The checkout of the last released version, built. `BATON_RELEASED` names one that is built already. */
async function released(): Promise<string> {
  const given = process.env.BATON_RELEASED;
  if (given !== undefined) return given;
  const file = join(ROOT, 'scripts/released/version.json');
  const { commit } = z.object({ commit: z.string() }).parse(JSON.parse(await readFile(file, 'utf8')));
  const folder = await mkdtemp(join(tmpdir(), 'baton-released-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await run('git', ['clone', '--quiet', '--shared', '--no-checkout', ROOT, folder]);
  await run('git', ['checkout', '--quiet', commit], { cwd: folder });
  // What it depends on is what this version depends on, and more: links to the same files, and to its own packages.
  for (const place of await placesOfModules(folder)) await run('cp', ['-al', join(ROOT, place), join(folder, place)]);
  await run(process.execPath, ['scripts/patch-jsonata.mjs'], { cwd: folder });
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { cwd: folder });
  await run(process.execPath, ['scripts/bundle.mjs'], { cwd: folder });
  return folder;
}

/** Where npm puts what packages depend on: at the root, and below a package that wants another version than the others. */
async function placesOfModules(folder: string): Promise<readonly string[]> {
  const packages = ['apps', 'libs'].map(async (kind) =>
    (await readdir(join(folder, kind))).map((name) => join(kind, name, 'node_modules')),
  );
  const places = (await Promise.all(packages)).flat();
  return ['node_modules', ...places.filter((place) => existsSync(join(ROOT, place)))];
}

/** What whoever upgrades runs first: the database is brought to this version, under the programs of the former one. */
async function migrateDatabase(stack: Stack): Promise<void> {
  const env = { ...stack.env, DATABASE_URL: await stack.ownerUrl() };
  await run(process.execPath, [programOf(ROOT, 'orchestrator'), 'migrate'], { cwd: ROOT, env });
}

test.skipIf(inject('effort') === 'short')(
  'a system of the last released version is brought up to this one while runs are under way, and loses nothing',
  async () => {
    const root = await released();
    const args = ['--only', 'gateway,orchestrator'];
    const old = await Stack.start({ args, root });
    onTestFinished(async () => void (await old.stop()));
    const kind = `k${randomUUID().slice(0, 8)}`;
    const oldWorker = await startStepWorker(old, root, kind, 20);
    onTestFinished(async () => void (await oldWorker.stop()));
    const oldOrchestrator = await startOrchestrator(old, root);
    onTestFinished(async () => void (await oldOrchestrator.stop()));
    const load = await SteadyLoad.start(old, { kind, clients: 4, steps: 6 });
    const doneBy = (worker: { readonly said: string }) => worker.said.split('done ').length - 1;
    const more = async (worker: { readonly said: string }, steps = 30) => {
      const before = doneBy(worker);
      await until(() => doneBy(worker) >= before + steps, 'more steps', MINUTE_MS);
    };
    await more(oldWorker);

    await migrateDatabase(old);
    await more(oldWorker);

    const gateway = await startGateway(old, ROOT);
    onTestFinished(async () => void (await gateway.stop()));
    await more(oldWorker);
    // Its lists go on where those of the former one stood still.
    const list = async () => RunList.parse(await old.api('/v1/runs?status=succeeded&limit=1')).runs[0]?.runId;
    const newest = await list();
    await until(async () => (await list()) !== newest, 'the list of runs to go on', MINUTE_MS);

    const newOrchestrator = await startOrchestrator(old, ROOT);
    onTestFinished(async () => void (await newOrchestrator.stop()));
    await more(oldWorker);
    const newWorker = await startStepWorker(old, ROOT, kind, 20);
    onTestFinished(async () => void (await newWorker.stop()));
    await more(newWorker);
    await more(oldWorker);

    expect(await oldOrchestrator.stop()).toBe(0);
    await more(newWorker);
    expect(await oldWorker.stop()).toBe(0);
    await more(newWorker);
    const whole = await load.expectWhole();
    process.stderr.write(`rolling upgrade: ${JSON.stringify(whole)}\n`);

    // What is left of the former version ends, and this one goes on where it stopped.
    await Promise.all([newOrchestrator.stop(), newWorker.stop(), gateway.stop()]);
    await old.stop({ keepData: true });
    const now = await Stack.start({ args, home: old.home });
    onTestFinished(async () => void (await now.stop()));
    expect(Verification.parse(await now.api('/v1/audit/verify'))).toMatchObject({ verified: true, problem: null });
    const worker = await startStepWorker(now, ROOT, kind, 0);
    onTestFinished(async () => void (await worker.stop()));
    const after = await SteadyLoad.start(now, { kind, clients: 1, steps: 2 });
    await more(worker, 2);
    await after.expectWhole();
  },
  15 * MINUTE_MS,
);
