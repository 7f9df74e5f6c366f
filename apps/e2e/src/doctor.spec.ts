import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { CLI, ROOT, Stack, until } from '@baton/test-stack';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

/* `baton doctor` on a healthy stack, and on each sick one that can be made: what is sick is named, and nothing else. */

const Findings = z.array(z.object({ status: z.string(), check: z.string(), found: z.string(), next: z.string() }));

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.stop());

/** The exit code, and what is no good. */
async function doctor(over: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
    const env = { ...stack.env, ...over };
    execFile(process.execPath, [CLI, 'doctor', '-o', 'json'], { cwd: ROOT, env }, (error, out) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout: out }),
    );
  });
  const findings = Findings.parse(JSON.parse(stdout));
  const failed = findings.filter(({ status }) => status === 'fail');
  return { code, findings, failed: failed.map(({ check }) => check), told: failed };
}

const inDatabase = async (sql: string): Promise<void> => {
  const client = new Client({ connectionString: await stack.ownerUrl() });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

test('a healthy stack has nothing that fails, whatever schemas its libraries bring', async () => {
  const { code, findings, failed } = await doctor();
  expect(failed).toEqual([]);
  expect(code).toBe(0);
  const of = (name: string) => findings.find(({ check }) => check === name)?.found;
  expect(of('database')).toContain('schema up to date');
  expect(of('services')).toBe(
    'at work: orchestrator, planner, validator, programmer, tester, prompt, advisor, deployer, gateway',
  );
});

describe('a sick stack', () => {
  test('with a schema of a newer program', async () => {
    await inDatabase(
      `insert into baton.schema_version (component, version, name, checksum) values ('notifications', 900, 'x', 'x')`,
    );
    onTestFinished(() => inDatabase('delete from baton.schema_version where version = 900'));
    const { code, failed, told } = await doctor();
    expect({ code, failed }).toEqual({ code: 1, failed: ['database'] });
    expect(told[0]?.found).toContain('notifications at 900');
  });

  test('with an older schema is brought up to date by its next start, and is not ill', async () => {
    const renumber = (from: number, to: number): Promise<void> =>
      inDatabase(
        `update baton.schema_version set version = ${to} where component = 'notifications' and version = ${from}`,
      );
    await renumber(5, 0);
    onTestFinished(() => renumber(0, 5));
    const { failed, findings } = await doctor();
    expect(failed).toEqual([]);
    expect(findings.find(({ check }) => check === 'database')?.found).toContain('older schema');
  });

  test('reached with a wrong token', async () => {
    expect(await doctor({ BATON_TOKEN: 'wrong' })).toMatchObject({ code: 1, failed: ['token'] });
  });

  test('reached at a place where nobody is', async () => {
    expect(await doctor({ BATON_URL: 'http://127.0.0.1:1' })).toMatchObject({ code: 1, failed: ['gateway'] });
  });

  test('with a Redis that does not answer', async () => {
    const { failed } = await doctor({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect(failed).toContain('queues');
  });

  test('whose port another program has', async () => {
    const other = createServer((socket) => void socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const elsewhere = { BATON_HOME: `${stack.home}-none`, BATON_PORT: String(port) };
    expect(await doctor(elsewhere)).toMatchObject({ code: 1, failed: ['port'] });
  });

  test('with a dead service that nobody starts again, and then without its database', async () => {
    const { pid } = stack.supervisor;
    process.kill(pid ?? 0, 'SIGSTOP');
    onTestFinished(async () => {
      process.kill(pid ?? 0, 'SIGCONT');
      await until(() => stack.isReady(), 'the stack to be whole again');
    });
    await stack.kill('planner');
    await expect.poll(async () => (await doctor()).failed, { timeout: 20_000 }).toEqual(['services']);
    expect((await doctor()).told[0]?.found).toBe('not at work: planner');
    await stack.kill('postgres');
    const { code, failed } = await doctor();
    expect(code).toBe(1);
    expect(failed).toEqual(expect.arrayContaining(['database', 'services']));
  });
});
