import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Json, toError } from '@baton/contracts';
import { getFile, getTree, putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { doTask, ForeignAgentFailed } from './do-task.ts';
import { readSettings } from './env.ts';
import { openPlace } from './open-place.ts';
import { Deliverable, ForeignTask } from './task.ts';

const FOLDER = join(import.meta.dirname, 'testing');
const COMMAND = `node ${join(FOLDER, 'scripted-agent.mjs')} --prompt-file {prompt} --dir {workspace}`;
const store = memoryStore();

let tmp: string;
beforeAll(async () => {
  tmp = await mkdtemp(join(tmpdir(), 'foreign-agent-'));
  await chmod(tmp, 0o1777); // The agent is somebody else where the worker is root.
});
afterAll(() => rm(tmp, { recursive: true }));

type Given = Readonly<Record<string, string>>;

async function placeWith(given: Given = {}) {
  const settings = readSettings({
    FOREIGN_AGENT_COMMAND: COMMAND,
    FOREIGN_AGENT_SANDBOX: 'none',
    FOREIGN_AGENT_NAME: 'scripted',
    FOREIGN_AGENT_PATH: FOLDER,
    BATON_HOME: join(tmp, '.baton'),
    ...given,
  });
  return openPlace(settings, tmp);
}

async function workspaceOf(files: Readonly<Record<string, string>>): Promise<string> {
  const listed = Object.entries(files).map(async ([path, content]) => ({
    path,
    mode: '100644' as const,
    ...(await putFile(store, Buffer.from(content))),
  }));
  return putTree(store, treeOf(await Promise.all(listed)));
}

/** What a worker has around a task of its. */
function contextWith(signal = new AbortController().signal) {
  const notes = new Map<number, Json>();
  const told: unknown[] = [];
  const beats: string[] = [];
  const context = {
    signal,
    heartbeat: (progress?: string) => void beats.push(progress ?? ''),
    journal: {
      read: async (index: number) => notes.get(index) ?? null,
      write: async (index: number, entry: Json) =>
        void (notes.has(index) || notes.set(index, JSON.parse(JSON.stringify(entry)))),
    },
    blobs: store,
    tell: (facts: object) => void told.push(facts),
  };
  return { context, told, beats };
}

const order = (...lines: readonly string[]): string => lines.join('\n');

async function work(
  requirements: string,
  { more = {}, given = {} }: { readonly more?: object; readonly given?: Given } = {},
) {
  const tree = await workspaceOf({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const around = contextWith();
  const task = ForeignTask.parse({ requirements, workspace: { tree }, ...more });
  return { tree, ...around, result: Deliverable.parse(await doTask(task, around.context, await placeWith(given))) };
}

const isAtWork = async (commandLine: string): Promise<boolean> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.some((line) => line.replaceAll('\0', ' ').trim() === commandLine);
};

describe.skipIf(process.platform !== 'linux')('a foreign agent', () => {
  it('changes a version of a workspace, and what it left is the next one', async () => {
    const { tree, result, told, beats } = await work(order('do: write src/new.ts "export {};\\n"', 'do: delete b.txt'));
    expect(result).toMatchObject({
      files: [{ path: 'src/new.ts', content: 'export {};\n' }],
      workspace: { base: tree },
      writtenBy: 'scripted',
      testCommand: 'node --test',
      answers: [],
    });
    expect(result.notes).toContain('without a sandbox');
    const made = await getTree(store, result.workspace?.tree ?? '');
    expect(made.map(({ path }) => path)).toEqual(['a.txt', 'src/new.ts']);
    expect(told).toEqual([{}]);
    expect(beats[0]).toBe('scripted begins');
    expect((await readdir(tmp)).filter((name) => name.startsWith('baton-run-'))).toEqual([]);
  });

  it('goes on from the version of the round before, and is compared with the one that the run began from', async () => {
    const first = await work('do: write c.txt "c\\n"');
    const code = { ...first.result, writtenBy: 'some-model' };
    const asked = { reviews: [{ issues: [{ id: 'R1' }, { id: 'R2' }] }], comments: [{ id: 'H1' }] };
    const report = JSON.stringify({ answers: [{ to: 'R2', answer: 'done' }], notes: 'mended' });
    const lines = order('do: write a.txt "never\\n"', 'mend: write a.txt "mended\\n"', `do: usage ${report}`);
    const { result, tree } = await work(lines, { more: { code, ...asked } });
    expect(result.files.map(({ path, content }) => [path, content])).toEqual([
      ['a.txt', 'mended\n'],
      ['c.txt', 'c\n'],
    ]);
    expect(result.workspace?.base).toBe(tree);
    expect(result.writtenBy).toBe('scripted and some-model');
    expect(result.answers.map(({ to, answer }) => [to, answer])).toEqual([
      ['R2', 'done'],
      ['R1', 'No answer was given.'],
      ['H1', 'No answer was given.'],
    ]);
    expect(result.notes).toContain('mended');
  });

  it('hands in whole files where the task has no workspace', async () => {
    const files = [{ path: 'x.ts', content: '1\n' }];
    const { result } = await work('do: write y.ts "2\\n"', { more: { workspace: null, files } });
    expect(result).toMatchObject({
      files: [...files, { path: 'y.ts', content: '2\n' }],
      writtenBy: 'scripted and input',
    });
    expect(result.workspace).toBeUndefined();
  });

  it('tells what it used in its last line or its report, and what it does not tell is unknown', async () => {
    const usage = { inputTokens: 12, outputTokens: 3 };
    const report = `do: usage ${JSON.stringify({ usage, model: 'm-1' })}`;
    const expected = [{ usage: { ...usage, costUsd: null }, model: 'm-1' }];
    expect((await work(order('do: write c "c"', report))).told).toEqual(expected);
    const given = { FOREIGN_AGENT_COMMAND: `${COMMAND} --report {report}` };
    expect((await work(order('do: write c "c"', report), { given })).told).toEqual(expected);
    const wrong = await work(order('do: write c "c"', 'do: usage {"usage":{"inputTokens":1}}'));
    expect(wrong.told).toEqual([{}]);
    expect(wrong.result.notes).toContain('The last line was not read');
  });

  it('has an environment of its own, with the variables that were named', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://secret');
    const given = { AGENT_KEY: 'k-1', FOREIGN_AGENT_ENV: 'AGENT_KEY', DATABASE_URL: 'postgres://secret' };
    const lines = order('do: write c "c"', 'do: env AGENT_KEY', 'do: env DATABASE_URL', 'do: env BATON_HOME');
    const { result } = await work(lines, { given });
    vi.unstubAllEnvs();
    expect(result.notes).toContain('AGENT_KEY=k-1\nDATABASE_URL=nothing\nBATON_HOME=nothing');
  });

  it.each([
    ['do: fail 3', /^The agent scripted ended with exit code 3\.\nIt last printed:\nI cannot do this\.$/],
    ['do: env NAME', /^The agent scripted changed nothing\./],
    ['do: hang 63', /^The agent scripted did not end by itself: it was stopped after 2 s, its time limit\.$/],
  ])('fails with one sentence where it is told: %s', async (line, sentence) => {
    const thrown = await work(line, { given: { FOREIGN_AGENT_TIMEOUT_SECONDS: '2' } }).catch(toError);
    expect(thrown).toBeInstanceOf(ForeignAgentFailed);
    expect(thrown).toMatchObject({ message: expect.stringMatching(sentence) });
  });

  it('is not asked again where the first delivery noted what came of it', async () => {
    const [done, failed] = [join(tmp, 'done'), join(tmp, 'failed')];
    const tree = await workspaceOf({ 'a.txt': 'a\n' });
    const place = await placeWith();
    const usage = 'do: usage {"usage":{"inputTokens":1,"outputTokens":1}}';
    const task = ForeignTask.parse({
      requirements: order(`do: note ${done}`, 'do: write c "c"', usage),
      workspace: { tree },
    });
    const { context, told } = contextWith();
    const first = await doTask(task, context, place);
    expect(await doTask(task, context, place)).toEqual(first);
    expect(await readFile(done, 'utf8')).toBe('asked\n');
    expect(told[1]).toEqual(told[0]);

    const failing = ForeignTask.parse({ requirements: order(`do: note ${failed}`, 'do: fail 4'), workspace: { tree } });
    const again = contextWith().context;
    for (const _ of [1, 2]) await expect(doTask(failing, again, place)).rejects.toThrow('exit code 4');
    expect(await readFile(failed, 'utf8')).toBe('asked\n');
  });

  it('is ended with all that it started, where nobody waits for it any more, and notes nothing', async () => {
    const letGo = new AbortController();
    const { context } = contextWith(letGo.signal);
    const tree = await workspaceOf({ 'a.txt': 'a\n' });
    const task = ForeignTask.parse({ requirements: order('do: child 6161', 'do: hang 6262'), workspace: { tree } });
    const working = doTask(task, context, await placeWith());
    const ended = expect(working).rejects.toThrow('let go');
    await vi.waitFor(
      async () => expect([await isAtWork('sleep 6161'), await isAtWork('sleep 6262')]).toEqual([true, true]),
      10_000,
    );
    letGo.abort(new Error('let go'));
    await ended;
    expect([await isAtWork('sleep 6161'), await isAtWork('sleep 6262')]).toEqual([false, false]);
    expect(await context.journal.read(0)).toBeNull();
    expect((await readdir(tmp)).filter((name) => name.startsWith('baton-run-'))).toEqual([]);
  });

  it('leaves no process behind that goes on after its end', async () => {
    await work(order('do: write c "c"', 'do: child 6363'));
    expect(await isAtWork('sleep 6363')).toBe(false);
  });

  it('works in the sandbox where that is asked for, and reports from within', async (context) => {
    const given = { FOREIGN_AGENT_SANDBOX: 'bwrap', FOREIGN_AGENT_COMMAND: `${COMMAND} --report {report}` };
    if ((await placeWith(given).catch(() => null)) === null) context.skip('there is no bubblewrap');
    const usage = 'do: usage {"usage":{"inputTokens":1,"outputTokens":1},"notes":"from within"}';
    const { result, told } = await work(order('do: write c "c"', usage), { given });
    expect(result.notes).toBe('It worked in the sandbox, without a network.\nfrom within');
    expect(told).toMatchObject([{ usage: { inputTokens: 1 } }]);
    const [file] = await getTree(store, result.workspace?.tree ?? '').then((all) =>
      all.filter(({ path }) => path === 'c'),
    );
    expect(file === undefined ? null : (await getFile(store, file)).toString()).toBe('c');
  });
});
