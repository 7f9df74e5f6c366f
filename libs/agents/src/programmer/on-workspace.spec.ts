import { type Json, JsonObject } from '@baton/contracts';
import { getFile, getTree, putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import { Deliverable } from '../task/outputs.js';
import { implementation, refinement, STEP_4, STEP_6 } from '../testing/example-tasks.js';
import { agentsWith, type ScriptedAnswer, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;

async function workspace(files: Readonly<Record<string, string>>) {
  const store = memoryStore();
  const stored = Object.entries(files).map(async ([path, content]) => ({
    ...{ path, mode: path.startsWith('bin/') ? ('100755' as const) : ('100644' as const) },
    ...(await putFile(store, Buffer.from(content))),
  }));
  const tree = await putTree(store, treeOf(await Promise.all(stored)));
  const filesOf = async (version: string) => {
    const found: Record<string, string> = {};
    for (const file of await getTree(store, version)) found[file.path] = (await getFile(store, file)).toString();
    return found;
  };
  return { store, tree, filesOf };
}

/** What the programmer makes of a task, and how often the model was asked. */
async function programmed(args: object, answers: readonly ScriptedAnswer[], blobs = memoryStore()) {
  const scripted = scriptedModel(answers);
  const { programmer } = await agentsWith(scripted.call, { blobs });
  const result = await programmer(taskWith(JsonObject.parse(JSON.parse(JSON.stringify(args)))), signal);
  return { result, requests: scripted.requests };
}

const delivered = (output: Json) => Deliverable.parse(output);

describe('a programmer who is given a workspace', () => {
  it('lays the new files over it and hands out what differs, with both versions', async () => {
    const { store, tree, filesOf } = await workspace({ 'sum.ts': 'old', 'README.md': '# A\n', 'bin/x': 'x' });
    const answer = {
      ...implementation,
      files: [
        { path: 'sum.ts', content: 'new' },
        { path: 'README.md', content: '# A\n' },
      ],
    };
    const { result } = await programmed(
      { ...STEP_4, workspace: { tree, commit: 'a'.repeat(40), name: 'shop' } },
      [answer],
      store,
    );
    if (!result.ok) throw new Error(result.cause);
    const { files, workspace: made, writtenBy } = delivered(result.output);
    expect(files).toEqual([{ path: 'sum.ts', content: 'new' }]);
    expect(made?.base).toBe(tree);
    expect(await filesOf(made?.tree ?? '')).toEqual({ 'sum.ts': 'new', 'README.md': '# A\n', 'bin/x': 'x' });
    expect((await getTree(store, made?.tree ?? '')).find(({ path }) => path === 'bin/x')?.mode).toBe('100755');
    expect(writtenBy).toBe('claude-opus-5-5 and input');
  });

  it('goes on from the version of the round before, and may remove files of the base', async () => {
    const { store, tree, filesOf } = await workspace({ 'README.md': '# A\n', gone: 'g' });
    const first = await programmed({ ...STEP_4, workspace: { tree } }, [implementation], store);
    if (!first.result.ok) throw new Error(first.result.cause);
    const code = delivered(first.result.output);
    const answer = { ...refinement, changedFiles: [{ path: 'more.ts', content: 'more' }], removedFiles: ['gone'] };
    const second = await programmed({ ...STEP_6, workspace: { tree }, code }, [answer], store);
    if (!second.result.ok) throw new Error(second.result.cause);
    const { files, workspace: made } = delivered(second.result.output);
    expect(files.map(({ path }) => path)).toEqual(['more.ts', 'sum.ts']);
    expect(made?.base).toBe(tree);
    expect(await filesOf(made?.tree ?? '')).toEqual({ 'README.md': '# A\n', 'sum.ts': 'new', 'more.ts': 'more' });
  });

  it('is told once what cannot lie in it, and what would change nothing', async () => {
    const { store, tree } = await workspace({ 'src/a.ts': 'a', same: 's' });
    const below = { ...implementation, files: [{ path: 'src', content: 'x' }] };
    const same = { ...implementation, files: [{ path: 'same', content: 's' }] };
    for (const [wrong, problem] of [
      [below, 'src is a folder'],
      [same, 'nothing of the workspace would be changed'],
    ] as const) {
      const { result, requests } = await programmed({ ...STEP_4, workspace: { tree } }, [wrong, implementation], store);
      expect(result.ok).toBe(true);
      expect(requests[1]?.turns?.[0]?.note).toContain(problem);
    }
  });

  it('shows the model nothing of the versions', async () => {
    const { store, tree } = await workspace({ a: 'a' });
    const { requests } = await programmed({ ...STEP_4, workspace: { tree } }, [implementation], store);
    expect(requests[0]?.prompt).not.toContain(tree);
    expect(requests[0]?.variables).not.toHaveProperty('workspace');
  });

  it('fails for good where the workspace is not there, and says what to do', async () => {
    const { result } = await programmed({ ...STEP_4, workspace: { tree: 'a'.repeat(64) } }, []);
    expect(result).toMatchObject({
      ok: false,
      error: 'Baton.InvalidInput',
      cause: expect.stringMatching(/^There is no workspace a+\. Upload it first/),
      retryable: false,
    });
  });
});

describe('a programmer who is given none', () => {
  it.each([[{}], [{ workspace: null }]])('delivers the whole set, and no version, with %j', async (args) => {
    const { result } = await programmed({ ...STEP_4, ...args }, [implementation]);
    if (!result.ok) throw new Error(result.cause);
    expect(result.output).toEqual({
      ...implementation,
      language: 'typescript',
      writtenBy: 'claude-opus-5-5',
      answers: [],
    });
  });
});
