import type { JsonObject } from '@baton/contracts';
import { getFile, getTree, putTree } from '@baton/workspace';
import { memoryStore, treeWith } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import { Merging, ToolReport } from '../task/outputs.js';
import { agentsWith, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;
type Files = Readonly<Record<string, string>>;

async function merging(base: Files, ours: Files, theirs: Files) {
  const store = memoryStore();
  const version = async (files: Files) => putTree(store, await treeWith(store, files));
  const versions = { base: await version(base), ours: await version(ours), theirs: await version(theirs) };
  const agents = await agentsWith(scriptedModel([]).call, { blobs: store });
  const task = (args: JsonObject) => agents.programmer(taskWith(args), signal);
  const tools = async ({ workspace, files }: Merging) => {
    const args = { tools: true, language: 'typescript', files, testCommand: '', writtenBy: 'x', workspace };
    const judged = await agents.validator(taskWith(args), signal);
    if (!judged.ok) throw new Error(judged.cause);
    return ToolReport.parse(judged.output);
  };
  const filesOf = async (tree: string) => {
    const found: Record<string, string> = {};
    for (const file of await getTree(store, tree)) found[file.path] = (await getFile(store, file)).toString();
    return found;
  };
  return { versions, task, filesOf, version, tools };
}

const args = (versions: JsonObject): JsonObject => ({ merge: true, language: 'typescript', ...versions });

describe('a programmer who is to merge', () => {
  it('puts the work of the run on what others landed, and hands out what differs from that', async () => {
    const { versions, task, filesOf } = await merging(
      { a: '1', b: '1' },
      { a: '2', b: '1', n: 'n' },
      { a: '1', b: '2' },
    );
    const result = await task(args(versions));
    if (!result.ok) throw new Error(result.cause);
    const { isClean, toolReport, workspace, files } = Merging.parse(result.output);
    expect([isClean, toolReport, workspace.base]).toEqual([true, null, versions.theirs]);
    expect(await filesOf(workspace.tree)).toEqual({ a: '2', b: '2', n: 'n' });
    expect(files).toEqual([
      { path: 'a', content: '2' },
      { path: 'n', content: 'n' },
    ]);
  });

  it('tells conflicts as findings with file and line, which the tools find again until they are resolved', async () => {
    const { versions, task, version, tools } = await merging(
      { 'a.ts': '1\n2\n' },
      { 'a.ts': '1\nours\n' },
      { 'a.ts': '1\ntheirs\n' },
    );
    const result = await task(args(versions));
    if (!result.ok) throw new Error(result.cause);
    const merged = Merging.parse(result.output);
    expect(merged.toolReport).toMatchObject({
      passed: false,
      failing: ['merge'],
      tools: [{ tool: 'merge', status: 'failed', findings: [{ file: 'a.ts', line: 2 }] }],
    });
    expect(merged.files[0]?.content).toContain('ours\n');
    expect(merged.files[0]?.content).toContain('theirs\n');
    expect(await tools(merged)).toMatchObject({
      failing: ['merge'],
      tools: [{ findings: [{ file: 'a.ts', line: 2 }] }],
    });
    const content = 'export const both = 1;\n';
    const tree = await version({ 'a.ts': content });
    const resolved = { ...merged, files: [{ path: 'a.ts', content }], workspace: { base: versions.theirs, tree } };
    expect((await tools(resolved)).failing).not.toContain('merge');
  });

  it.each([
    ['a version that nobody has', { theirs: 'f'.repeat(64) }, 'There is no workspace ffff'],
    ['arguments that do not fit', { theirs: 'main' }, 'theirs'],
  ])('fails for good for %s', async (_, wrong, cause) => {
    const { versions, task } = await merging({}, {}, {});
    expect(await task(args({ ...versions, ...wrong }))).toMatchObject({
      ok: false,
      error: 'Baton.InvalidInput',
      retryable: false,
      cause: expect.stringContaining(cause),
    });
  });
});
