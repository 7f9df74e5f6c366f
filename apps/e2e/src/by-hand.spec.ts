import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askedOf, ended, eventsOf, REQUIREMENTS, type Stack, until, violations } from '@baton/test-stack';
import { afterAll, expect } from 'vitest';
import { z } from 'zod';
import * as commands from './testing/commands.js';
import { test } from './testing/shared-stack.js';
import { write } from './testing/write-file.js';

let stack: Stack;
let dir: string;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  dir = await mkdtemp(join(tmpdir(), 'baton-by-hand-e2e-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const baton = async (...args: readonly string[]) =>
  commands.baton(args, { env: await commands.envOf(stack), cwd: dir });

const Accepted = z.object({ runId: z.string() });
const Delivered = z.object({
  writtenBy: z.string(),
  testCommand: z.string(),
  files: z.array(z.object({ path: z.string(), content: z.string() })),
});

const deliveredIn = async (runId: string): Promise<readonly z.infer<typeof Delivered>[]> =>
  (await eventsOf(stack, runId)).flatMap(({ type, data }) => {
    const read = z.object({ output: Delivered }).safeParse(data);
    return type === 'TaskSucceeded' && read.success ? [read.data.output] : [];
  });

test('a person implements the plan of a run by hand: it waits, gives back what does not fit, checks the folder, and succeeds', async () => {
  await write(join(dir, 'wanted.md'), REQUIREMENTS);
  await write(join(dir, 'shop/LICENSE'), 'Do what you like.\n');

  // What the offline model writes at first is what the person will hand in: its reviews and refinements are made for that.
  const asked = ['run', 'submit', '--requirements', 'wanted.md', '--workspace', 'shop', '-o', 'json'] as const;
  const modelRun = Accepted.parse(JSON.parse((await baton(...asked)).stdout)).runId;
  await until(async () => (await deliveredIn(modelRun)).length > 0, 'the model to write', 60_000);
  await stack.api(`/v1/runs/${modelRun}/cancel`, { method: 'POST', body: '{}' });
  const [written] = await deliveredIn(modelRun);
  if (written === undefined) throw new Error('unreachable: the model has written');

  const submitted = await baton(...asked, '--by', 'Implement=human');
  expect(submitted).toMatchObject({ code: 0 });
  const { runId } = Accepted.parse(JSON.parse(submitted.stdout));
  const watched = await baton('run', 'watch', runId);
  expect(watched.code).toBe(8);
  expect(watched.stderr).toContain('waits for work that is done by hand in Implement');

  const first = await askedOf(stack, runId);
  expect(first).toMatchObject({
    status: 'open',
    state: 'Implement',
    arguments: { about: 'work', worker: 'programmer' },
  });
  const shown = await baton('approval', 'show', first.approvalId);
  expect(shown.stdout).toContain('What an output has to look like');
  expect(shown.stdout).toContain('--workspace DIR');
  expect(await baton('approval', 'show', first.approvalId, '--out', 'work')).toMatchObject({ code: 0 });
  expect(await readdir(join(dir, 'work'))).toEqual(['LICENSE']);

  expect((await baton('approval', 'approve', first.approvalId)).stderr).toContain('waits for work');
  expect((await baton('approval', 'answer', first.approvalId, '--text', 'done')).stderr).toContain('waits for work');
  // Nothing was changed yet: that is no implementation, and the step goes on waiting.
  expect(await baton('approval', 'answer', first.approvalId, '--workspace', 'work')).toMatchObject({ code: 0 });
  const second = await askedOf(stack, runId, first.approvalId);
  expect(second.arguments).toMatchObject({
    problems: expect.stringContaining('nothing of the workspace would be changed'),
  });
  expect((await baton('approval', 'answer', first.approvalId, '--workspace', 'work')).code).not.toBe(0);

  for (const { path, content } of written.files) {
    await write(join(dir, 'work', path), content);
  }
  await stack.kill('orchestrator');
  await stack.kill('programmer');
  const output = JSON.stringify({ testCommand: written.testCommand, notes: 'By hand.' });
  expect(await baton('approval', 'answer', second.approvalId, '--workspace', 'work', '--work', output)).toMatchObject({
    code: 0,
  });

  const view = await ended(stack, runId);
  expect([view.status, view.cause]).toEqual(['succeeded', null]);
  const events = await eventsOf(stack, runId);
  expect(violations(events)).toEqual([]);
  expect(events.filter(({ type }) => type === 'ApprovalDecided')).toHaveLength(2);
  const delivered = await deliveredIn(runId);
  expect(delivered[0]?.writtenBy).toMatch(/^(user|apikey):[\w-]+ and input$/);
  expect(delivered[0]?.files.map(({ path }) => path).sort()).toEqual(written.files.map(({ path }) => path).sort());
});

test('a step that is not there, or that no worker does, is refused before the run begins', async () => {
  const submitBy = (by: string) => baton('run', 'submit', '--requirements', 'wanted.md', '--by', by);
  expect((await submitBy('Implment=human')).stderr).toContain('no state Implment');
  expect((await submitBy('Implement=robot')).stderr).toContain('is not of the form STATE=human');
});
