import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { BASE_ENV, ROOT, type Stack } from '@baton/test-stack';
import { afterAll, describe, expect, vi } from 'vitest';
import { test } from './testing/shared-stack.js';

/** The oldest Node that is promised, where one is given: CI gives it. */
const OLDEST_NODE = process.env.BATON_OLDEST_NODE ?? '';
const NODES = [
  { version: 'the pinned Node', node: process.execPath, isGiven: true },
  { version: 'the oldest Node that is promised', node: OLDEST_NODE, isGiven: OLDEST_NODE !== '' },
];
const EXAMPLE = 'examples/workers/typescript/src/main.ts';

let stack: Stack;
let folder: string;
const started = new Set<ChildProcess>();
test.beforeAll(async ({ everything }) => {
  stack = everything;
  folder = await mkdtemp(join(ROOT, 'node_modules/.cache/worker-commands-'));
  const source = await readFile(join(ROOT, EXAMPLE), 'utf8');
  await writeFile(join(folder, 'main.mjs'), stripTypeScriptTypes(source));
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** With this Node first on the PATH, as whoever has no other would. */
function start(node: string, command: readonly string[], env: Readonly<Record<string, string>> | null = {}) {
  const path = [dirname(node), process.env.PATH ?? ''].join(delimiter);
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...BASE_ENV, PATH: path, HOME: tmpdir(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  return { child, said, ended: once(child, 'close') };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Resolves with the pid of the worker itself, when it takes tasks. */
const ready = (said: { readonly out: string; readonly err: string }): Promise<number> =>
  vi.waitFor(
    () => {
      const line = said.out.split('\n').find((text) => text.includes('worker ready'));
      const pid = /"pid":(\d+)/.exec(line ?? '')?.[1];
      if (pid === undefined) throw new Error(`the worker is not ready: ${said.out}${said.err}`);
      return Number(pid);
    },
    { timeout: 30_000, interval: 50 },
  );

for (const { version, node, isGiven } of NODES) {
  describe.skipIf(!isGiven)(`with ${version}`, () => {
    test('a worker of the own folder takes tasks, and ends within a second when it is told to', {
      retry: 2,
    }, async () => {
      const { child, said, ended } = start(node, [node, join(folder, 'main.mjs')], await stack.joinEnv());
      await ready(said);
      const toldAt = Date.now();
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(Date.now() - toldAt).toBeLessThan(1_000);
      expect(said.err).toBe('');
    });

    test('the example is started by npx with the Node of the checkout, and ends with it', async () => {
      const { child, said } = start(node, ['npx', 'node', EXAMPLE], await stack.joinEnv());
      const pid = await ready(said);
      child.kill('SIGTERM');
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 3_000, interval: 50 });
    });

    test.each([
      ['no environment', {}, /^baton worker text-statistics: DATABASE_URL is not set\. .*source \.baton\/env.*\n$/],
      ['no Postgres URL', { DATABASE_URL: 'baton' }, /^baton worker text-statistics: DATABASE_URL is not valid: .*\n$/],
      [
        'a database that is away',
        { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' },
        /^baton worker text-statistics: The database at 127\.0\.0\.1:1\/nothing cannot be reached .*\n$/,
      ],
    ])('a worker with %s says so in one sentence', async (_, env, sentence) => {
      const { said, ended } = start(node, [node, join(folder, 'main.mjs')], env);
      expect((await ended)[0]).toBeGreaterThan(0);
      expect(said.err).toMatch(sentence);
    });
  });
}

test.skipIf(OLDEST_NODE === '')(
  'a service on a Node that is too old says which it needs, and how to get it',
  async () => {
    const { said, ended } = start(OLDEST_NODE, [OLDEST_NODE, 'apps/planner/dist/main.js'], await stack.joinEnv());
    expect(await ended).toEqual([1, null]);
    expect(said.err).toMatch(/^baton planner: The services of Baton need Node 24, .*npx node.*\n$/);
  },
);
