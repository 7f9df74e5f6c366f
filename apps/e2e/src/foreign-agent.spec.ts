import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunResult } from '@baton/contracts';
import { BASE_ENV, ended, eventsOf, publish, ROOT, type Stack } from '@baton/test-stack';
import { afterAll, describe, expect, vi } from 'vitest';
import { z } from 'zod';
import { upload } from './testing/commands.js';
import { test } from './testing/shared-stack.js';
import { runsOn } from './testing/shipped-runs.js';

/*
 * An agent that is not Baton's, as a worker: the example, the whole stack, the checks of the shipped repository. The agent is
 * a program that does what lines of its task say (examples/workers/foreign-agent/src/testing).
 */

const EXAMPLE = join(ROOT, 'examples/workers/foreign-agent');
const PROJECT = join(ROOT, 'examples/repository/csv-tools');

let stack: Stack;
let tmp: string;
let tree: string;
let worker: ChildProcess;
const { submit, statesOf } = runsOn(() => stack);

async function startWorker(): Promise<void> {
  const agent = join(EXAMPLE, 'src/testing/scripted-agent.mjs');
  worker = spawn(process.execPath, [join(EXAMPLE, 'src/main.ts')], {
    env: {
      ...BASE_ENV,
      ...(await stack.joinEnv()),
      TMPDIR: tmp,
      BATON_HOME: stack.home,
      FOREIGN_AGENT_COMMAND: `node ${agent} --prompt-file {prompt} --dir {workspace} --report {report}`,
      FOREIGN_AGENT_NAME: 'scripted',
      FOREIGN_AGENT_SANDBOX: 'none',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const isReady = Promise.withResolvers<void>();
  worker.stdout?.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('worker ready')) isReady.resolve();
  });
  await isReady.promise;
}

const module = (body: string): string =>
  `export const trimmed = (fields: readonly string[]): readonly string[] => ${body};\n`;
const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trimmed } from '../src/trim.ts';

test('fields lose the blanks around them', () => {
  assert.deepEqual(trimmed([' a', 'b ']), ['a', 'b']);
});
`;
const usage = { inputTokens: 120, outputTokens: 30, costUsd: 0.25 };
const order = (name: string, path: string, text: string): string => `${name}: write ${path} ${JSON.stringify(text)}`;

/** First it forgets to do it; when its tests have failed it does. */
const REQUIREMENTS = [
  'A function `trimmed` takes the blanks around fields away.',
  order('do', 'src/trim.ts', module('fields')),
  order('do', 'test/trim.test.ts', TEST),
  order('mend', 'src/trim.ts', module('fields.map((field) => field.trim())')),
  `do: usage ${JSON.stringify({ usage, model: 'scripted-1', notes: 'All tests pass.' })}`,
].join('\n');

const Made = z.object({
  files: z.array(z.object({ path: z.string(), content: z.string() })),
  workspace: z.object({ base: z.string(), tree: z.string() }),
  writtenBy: z.string(),
  notes: z.string(),
  toolReport: z.object({
    passed: z.boolean(),
    tools: z.array(z.object({ tool: z.string(), status: z.string(), execution: z.object({ driver: z.string() }) })),
  }),
});

async function madeBy(runId: string) {
  const result = RunResult.parse(await stack.api(`/v1/runs/${runId}/result`));
  expect([result.error, result.cause]).toEqual([null, null]);
  return Made.parse(result.output);
}

/** What the tasks of the foreign agent told beside their results. */
const usageIn = async (runId: string): Promise<readonly unknown[]> =>
  (await eventsOf(stack, runId)).flatMap(({ type, data }) => {
    const told = z.object({ model: z.literal('scripted-1'), usage: z.unknown() }).safeParse(data);
    return type === 'TaskSucceeded' && told.success ? [told.data.usage] : [];
  });

const isAtWork = async (commandLine: string): Promise<boolean> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.some((line) => line.replaceAll('\0', ' ').trim() === commandLine);
};
const areAtWork = (...lines: readonly string[]) => Promise.all(lines.map(isAtWork));
const runFolders = async () => (await readdir(tmp)).filter((name) => name.startsWith('baton-run-'));

describe.skipIf(!existsSync('/usr/bin/bwrap'))('a foreign agent', () => {
  test.beforeAll(async ({ everything }) => {
    stack = everything;
    tmp = await mkdtemp(join(tmpdir(), 'foreign-agent-'));
    await chmod(tmp, 0o1777); // The agent is somebody else where the worker is root.
    tree = await upload(stack, PROJECT);
    await publish(stack, await readFile(join(ROOT, 'examples/workflows/foreign-agent.yaml'), 'utf8'));
    await startWorker();
  });
  afterAll(async () => {
    worker?.kill('SIGKILL');
    await rm(tmp, { recursive: true, force: true });
  });

  test('changes a repository, is told what its checks found whatever it said itself, and mends it', async () => {
    const runId = await submit('foreign-agent', { requirements: REQUIREMENTS, workspace: { tree } });
    expect((await ended(stack, runId)).status).toBe('succeeded');
    expect(await statesOf(runId)).toEqual([
      'Prepare',
      'CheckBase',
      'CanBeJudged',
      'Work',
      'Check',
      'Judged',
      'Mend',
      'Check',
      'Judged',
      'Done',
    ]);
    const made = await madeBy(runId);
    expect(made.files.map(({ path }) => path)).toEqual(['src/trim.ts', 'test/trim.test.ts']);
    expect(made).toMatchObject({ workspace: { base: tree }, writtenBy: 'scripted' });
    expect(made.notes).toMatch(/without a sandbox[\s\S]*All tests pass\./);
    expect(made.toolReport.tools.map(({ tool, status, execution }) => [tool, status, execution.driver])).toEqual([
      ['tests', 'passed', 'bwrap'],
      ['conventions', 'passed', 'bwrap'],
    ]);
    expect(await usageIn(runId)).toEqual([usage, usage]);
  });

  test('stands in for the programmer of seven-step where two lines of that name it', async () => {
    const shipped = await readFile(join(ROOT, 'workflows/seven-step.yaml'), 'utf8');
    const changed = shipped.replaceAll(
      /^( {4}(?:Implement|RefineCode):\n {6}Type: Task\n {6}Resource: baton:worker:)programmer$/gm,
      '$1foreign-agent',
    );
    expect(changed.split('\n').filter((line, index) => line !== shipped.split('\n')[index])).toHaveLength(2);
    await publish(stack, changed.replace(/^name: seven-step$/m, 'name: seven-step-foreign'));
    // The scripted readers of the offline model know no work but its own: here the tools alone decide.
    const thresholds = { alignment: 0, standardization: 0, compatibility: 0 };
    const input = { requirements: REQUIREMENTS, workspace: { tree }, escalation: 'fail', thresholds };
    const runId = await submit('seven-step-foreign', input);
    await ended(stack, runId);
    const made = await madeBy(runId);
    expect(made).toMatchObject({ workspace: { base: tree }, writtenBy: 'scripted', toolReport: { passed: true } });
    expect(await statesOf(runId)).toEqual(
      expect.arrayContaining(['Implement', 'Level2Tools', 'RefineCode', 'Level2ToolsAgain']),
    );
  });

  test('is ended with all that it started when its run is cancelled, and does the next task', async () => {
    const requirements = 'Take long.\ndo: child 7171\ndo: hang 7272';
    const runId = await submit('foreign-agent', { requirements, workspace: { tree } });
    await vi.waitFor(async () => expect(await areAtWork('sleep 7171', 'sleep 7272')).toEqual([true, true]), 60_000);
    await stack.api(`/v1/runs/${runId}/cancel`, { method: 'POST', body: '{}' });
    await vi.waitFor(async () => expect(await areAtWork('sleep 7171', 'sleep 7272')).toEqual([false, false]), 10_000);
    await vi.waitFor(async () => expect(await runFolders()).toEqual([]), 5_000);
    const next = await submit('foreign-agent', { requirements: 'Fail.\ndo: fail 3', workspace: { tree } });
    expect(await ended(stack, next)).toMatchObject({ status: 'failed', error: 'ForeignAgentFailed' });
    expect(await stack.api(`/v1/runs/${next}`)).toMatchObject({
      cause: 'The agent scripted ended with exit code 3.\nIt last printed:\nI cannot do this.',
    });
  });

  test('is gone with a worker that is killed, whose successor does the task', async () => {
    const hung = join(tmp, 'hung');
    const requirements = [`do: note ${tmp}/asked`, 'do: child 7373', `do: hang-once ${hung} 7474`, REQUIREMENTS].join(
      '\n',
    );
    const runId = await submit('foreign-agent', { requirements, workspace: { tree } });
    await vi.waitFor(async () => expect(await areAtWork('sleep 7373', 'sleep 7474')).toEqual([true, true]), 60_000);
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    expect(await runFolders()).toHaveLength(1);
    await startWorker();
    expect(await areAtWork('sleep 7474')).toEqual([false]);
    expect((await ended(stack, runId, 200_000)).status).toBe('succeeded');
    expect(await areAtWork('sleep 7373', 'sleep 7474')).toEqual([false, false]);
    expect(await runFolders()).toEqual([]);
    // Once by the worker that was killed, once by the next one, and once in the second round.
    expect(await readFile(join(tmp, 'asked'), 'utf8')).toBe('asked\n'.repeat(3));
  });
});
