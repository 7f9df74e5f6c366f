import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, ROOT, type Stack } from '@baton/test-stack';
import { afterAll, describe, expect, vi } from 'vitest';
import { test } from './testing/shared-stack.js';

/* An evaluation is made of ordinary runs, and goes on where it was cut. */

let stack: Stack;
let folder: string;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  folder = await mkdtemp(join(tmpdir(), 'baton-evals-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const set = (tickets: readonly string[]) => `
name: tickets
tasks:${tickets
  .map(
    (ticket, index) => `
  - id: ticket-${index}
    workflow: classify.yaml
    input: { ticket: '${ticket}' }
    budget: { usd: 0.1, tokens: 20000 }
    checks:
      - { schema: { const: billing }, of: /team }`,
  )
  .join('')}
`;

function evaluation(args: readonly string[]) {
  const env = { ...stack.env, BATON_HOME: stack.home };
  const child = spawn(process.execPath, [CLI, 'eval', ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  return { child, said, ended: once(child, 'close').then(([code]) => code) };
}

describe('an evaluation', () => {
  test('that was killed goes on with the same command, and no run is made twice', async () => {
    const file = join(folder, 'tickets.yaml');
    const tickets = Array.from({ length: 6 }, (_, index) => `The invoice ${index} has a wrong charge, please refund.`);
    await writeFile(join(folder, 'classify.yaml'), await readFile(join(ROOT, 'evals/small/classify.yaml')));
    await writeFile(file, set(tickets));
    const args = [file, '--name', 'killed', '--repeat', '2', '--concurrency', '2', '--min-success', '0.9'];
    const first = evaluation(args);
    await vi.waitFor(() => expect(first.said.err).toContain('2/12 '), { timeout: 60_000, interval: 20 });
    first.child.kill('SIGKILL');
    await first.ended;
    const second = evaluation([...args, '-o', 'json']);
    expect({ code: await second.ended, err: second.said.err }).toEqual({ code: 0, err: '' });
    const { scores, outcomes } = JSON.parse(second.said.out);
    expect(scores).toMatchObject([{ model: null, variant: 'usual', n: 12, successes: 12, rate: 1, high: 1 }]);
    const ids = new Set(outcomes.map(({ runId }: { readonly runId: string }) => runId));
    const { runs } = (await stack.api('/v1/runs?label=eval=killed&limit=100')) as {
      readonly runs: readonly { readonly runId: string }[];
    };
    expect(new Set(runs.map(({ runId }) => runId))).toEqual(ids);
    expect(runs).toHaveLength(12);
    const third = evaluation([...args, '-o', 'json']);
    expect(await third.ended).toBe(0);
    expect(
      JSON.parse(third.said.out)
        .outcomes.map(({ key }: { readonly key: string }) => key)
        .sort(),
    ).toEqual(outcomes.map(({ key }: { readonly key: string }) => key).sort());
  }, 180_000);
});

test('the roles that ship are asked by their templates, and each case of the set that ships holds offline', async () => {
  const args = [join(ROOT, 'evals/roles.yaml'), '--name', 'roles', '--min-success', '1', '-o', 'json'];
  const { said, ended } = evaluation(args);
  expect({ code: await ended, err: said.err }).toEqual({ code: 0, err: '' });
  for (const role of ['data-scientist', 'security-auditor', 'performance-optimizer']) expect(said.out).toContain(role);
});
