/* What docs/backup.md promises: a dump that was made while runs were under way, the home beside it, and nothing else. */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RunResult, Verification } from '@baton/contracts';
import {
  ended,
  eventsOf,
  getRun,
  publish,
  REPORT,
  RedisServer,
  redisProgram,
  Stack,
  sevenSteps,
  submit,
  until,
  violations,
} from '@baton/test-stack';
import { describe, inject, test } from 'vitest';
import { printed } from './testing/commands.js';
import { InstalledPostgres, installedPostgres } from './testing/installed-postgres.js';
import { FOR_SURVIVAL } from './testing/survival.js';

const bin = installedPostgres();
const redis = redisProgram();
const isLong = inject('effort') === 'long';

/** In short with as few processes as runs can do with. */
const ARGS = isLong ? FOR_SURVIVAL : ['--only', 'gateway,orchestrator,prompt'];
const FURTHER = isLong ? [sevenSteps(), sevenSteps()] : [REPORT];

/** Waits for a signal, with something about a person in its input: a run that is under way for as long as it takes. */
const PATIENT = {
  name: 'patient',
  version: '1.0.0',
  title: 'Waits for a signal',
  personal: [{ subject: '/customer', input: ['/mail'] }],
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Await',
    States: {
      Await: {
        Type: 'Task',
        Resource: 'baton:signal:go-on',
        Output: { mail: '{% $states.context.Execution.Input.mail %}' },
        End: true,
      },
    },
  },
};

/** An endpoint of somebody, which stays while Baton goes. */
async function endpoint(
  onTestFinished: (stop: () => void) => void,
): Promise<{ readonly url: string; readonly told: () => readonly string[] }> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.end();
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, told: () => bodies };
}

// Most of the time somebody waits for a task that nobody has any more: both at once.
describe.skipIf(bin === null).concurrent('a backup', () => {
  const BACKENDS = [
    { backend: 'Postgres', isThere: true, without: [], start: async () => null },
    { backend: 'Redis', isThere: redis !== null, without: [], start: () => RedisServer.start(redis ?? '') },
    // At length only: the queues come back as the dump has them, or are made anew.
    {
      backend: 'Postgres, not dumped,',
      isThere: isLong,
      without: ['--exclude-schema=bullmq'],
      start: async () => null,
    },
  ];

  for (const { backend, isThere, without, start } of BACKENDS)
    test.skipIf(!isThere)(
      `of a database with runs under way is gone on from, with queues on ${backend} that are lost altogether`,
      async ({ expect, onTestFinished }) => {
        const name = 'baton';
        // Roles belong to a server: each has servers of its own.
        const [before, after, queues] = await Promise.all([
          InstalledPostgres.start(bin ?? ''),
          InstalledPostgres.start(bin ?? ''),
          start(),
        ]);
        const folder = await mkdtemp(join(tmpdir(), 'baton-backup-'));
        onTestFinished(async () => {
          await Promise.all([before.stop(), after.stop(), queues?.stop()]);
          await rm(folder, { recursive: true, force: true });
        });
        const env = { BATON_WEBHOOK_ALLOW_PRIVATE: 'true', ...(queues === null ? {} : { REDIS_URL: queues.url }) };
        await before.query(`create database ${name}`);
        const stack = await Stack.start({ args: ARGS, env: { ...env, DATABASE_URL: before.url(name) } });
        onTestFinished(async () => void (await stack.stop()));
        const { url, told } = await endpoint(onTestFinished);
        await stack.api('/v1/webhooks', { method: 'POST', body: JSON.stringify({ url }) });
        await publish(stack, PATIENT);
        const patient = await submit(stack, { workflow: 'patient', input: { customer: 'c-7', mail: 'a@b.example' } });
        const runs = [patient, await submit(stack, REPORT)];
        for (const submission of FURTHER) runs.push(await submit(stack, submission));
        await until(
          async () => ((await getRun(stack, runs[1] ?? ''))?.steps.length ?? 0) > 1,
          'a run to be under way',
          60_000,
          20,
        );

        // The home first: what is published of the log is then never ahead of the log that comes back.
        const home = await mkdtemp(join(tmpdir(), 'baton-e2e-restored-'));
        await cp(stack.home, home, { recursive: true, filter: (path) => basename(path) !== 'postgres' });
        const dump = join(folder, `${name}.dump`);
        await before.tool('pg_dump', ['--format=custom', ...without, `--file=${dump}`, `--dbname=${before.url(name)}`]);
        await stack.stop();
        await queues?.wipe();

        const DATABASE_URL = after.url(name);
        await after.query(`create database ${name}`);
        await printed(['database', 'logins'], { env: { ...stack.env, BATON_HOME: home, DATABASE_URL } });
        const restore = ['--exit-on-error', '--no-owner', `--dbname=${DATABASE_URL}`, dump];
        await after.tool('pg_restore', restore);
        const told0 = told().length;
        const restored = await Stack.start({ args: ARGS, home, env: { ...env, DATABASE_URL } });
        onTestFinished(async () => void (await restored.stop()));

        expect((await getRun(restored, patient))?.status).toBe('running');
        await restored.api(`/v1/runs/${patient}/signals`, {
          method: 'POST',
          body: JSON.stringify({ name: 'go-on' }),
          headers: { 'idempotency-key': randomUUID() },
        });
        for (const runId of runs) {
          const view = await ended(restored, runId);
          expect(view.status, view.cause ?? '').toBe('succeeded');
          expect(violations(await eventsOf(restored, runId))).toEqual([]);
        }
        const opened = RunResult.parse(await restored.api(`/v1/runs/${patient}/result?personal=open`));
        expect(opened.output).toEqual({ mail: 'a@b.example' });
        expect(Verification.parse(await restored.api('/v1/audit/verify'))).toMatchObject({
          verified: true,
          problem: null,
        });
        const endsOf = (runId: string) =>
          told()
            .slice(told0)
            .filter((body) => body.includes(runId) && body.includes('run.finished'));
        await until(async () => runs.every((runId) => endsOf(runId).length > 0), 'each end to be told', 60_000);
        expect(await restored.isReady()).toBe(true);
      },
    );
});
