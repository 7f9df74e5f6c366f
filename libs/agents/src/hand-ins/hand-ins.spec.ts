import { type HandIn, type Json, JsonObject } from '@baton/contracts';
import { getFile, getTree } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import { Deliverable, ToolReport } from '../task/outputs.js';
import { code, plan, review, STEP_1, STEP_2, STEP_4, STEP_6 } from '../testing/example-tasks.js';
import { agentsWith, scriptedModel, taskWith } from '../testing/scripted-agents.js';
import { storedWorkspace } from '../testing/stored-workspace.js';

const signal = new AbortController().signal;

/** Hands in work to an agent whose model answers nothing: whoever asks it fails. */
async function handIn(
  agent: 'planner' | 'validator' | 'programmer' | 'tester' | 'prompt',
  args: object,
  given: Omit<HandIn, 'by'>,
  blobs = memoryStore(),
) {
  const model = scriptedModel([]);
  const agents = await agentsWith(model.call, { blobs });
  const task = taskWith(JsonObject.parse(JSON.parse(JSON.stringify(args))), { handIn: { ...given, by: 'user:ada' } });
  const result = await agents[agent](task, signal);
  expect(model.requests).toEqual([]);
  return result;
}

const delivered = (result: { readonly ok: boolean; readonly output?: Json; readonly cause?: string }): Deliverable => {
  if (!result.ok) throw new Error(result.cause);
  return Deliverable.parse(result.output);
};

const refused = (cause: string) => ({
  ok: false,
  error: 'Baton.HandInRefused',
  retryable: false,
  cause: expect.stringContaining(cause),
});

describe('a plan that was made by hand', () => {
  it('is taken where it is one, without asking a model', async () => {
    expect(await handIn('planner', STEP_1, { output: plan })).toMatchObject({ ok: true, output: plan });
  });

  it.each<[string, Omit<HandIn, 'by'>, string]>([
    ['nothing', { workspace: { tree: 'a'.repeat(64) } }, 'this step makes no files'],
    ['no plan', { output: { goal: 'g' } }, 'components: '],
    ['files that cannot be', { output: { ...plan, files: [{ path: '/etc/x', purpose: 'p' }] } }, 'is absolute'],
  ])('is refused with %s, and says what is wrong', async (_, given, problem) => {
    expect(await handIn('planner', STEP_1, given)).toMatchObject(refused(problem));
  });
});

describe('a review that was made by hand', () => {
  it('says who judged', async () => {
    expect(await handIn('validator', STEP_2, { output: review })).toMatchObject({
      ok: true,
      output: { verdict: 'revise', judgedBy: { template: STEP_2.template, model: 'user:ada' } },
    });
  });

  const TOOLS = { tools: true, language: 'typescript', files: code.files, testCommand: 'x', writtenBy: 'user:ada' };
  const tool = { tool: 'tests', status: 'passed', exitCode: 0, durationMs: 1, findings: [], reason: null };
  const report = { passed: true, language: 'typescript', tools: [tool], failing: [], leftOut: [] };

  it('of tools is about the version that the task names, whatever it says itself', async () => {
    const result = await handIn('validator', TOOLS, { output: { ...report, tree: 'f'.repeat(64) } });
    if (!result.ok) throw new Error(result.cause);
    expect(ToolReport.parse(result.output).tree).toMatch(/^(?!f{64})[0-9a-f]{64}$/);
  });

  it.each([
    [{ failing: ['types'] }, 'passed: types failed'],
    [{ tools: [{ ...tool, status: 'failed' }] }, 'passed: tests failed'],
    [{ notRun: ['tests'] }, 'passed: tests was not run'],
    [{ tools: [] }, 'passed: no tool ran'],
  ])('of tools cannot have passed with %j', async (wrong, problem) => {
    expect(await handIn('validator', TOOLS, { output: { ...report, ...wrong } })).toMatchObject(refused(problem));
  });
});

describe('code that was written by hand', () => {
  it('is a folder on the workspace of the run: what differs from it, the version, and who wrote it', async () => {
    const blobs = memoryStore();
    const base = await storedWorkspace(blobs, { 'README.md': '# A\n', 'old.ts': 'o', 'sum.ts': 'old' });
    const tree = await storedWorkspace(blobs, { 'README.md': '# A\n', 'sum.ts': 'new' });
    const result = await handIn('programmer', { ...STEP_4, workspace: { tree: base } }, { workspace: { tree } }, blobs);
    expect(delivered(result)).toEqual({
      files: [{ path: 'sum.ts', content: 'new' }],
      workspace: { base, tree },
      notes: '',
      testCommand: 'node --test',
      language: 'typescript',
      writtenBy: 'user:ada and input',
      answers: [],
    });
  });

  it('goes on from the round before where files stand in the output, with what is said of it', async () => {
    const blobs = memoryStore();
    const base = await storedWorkspace(blobs, { 'README.md': '# A\n' });
    const made = await storedWorkspace(blobs, { 'README.md': '# A\n', 'sum.ts': 'old', 'gone.ts': 'g' });
    const args = { ...STEP_6, workspace: { tree: base }, code: { ...STEP_6.code, workspace: { base, tree: made } } };
    const output = {
      files: [{ path: 'sum.ts', content: 'new' }],
      removedFiles: ['gone.ts'],
      notes: 'n',
      testCommand: 'make',
    };
    const { files, workspace, notes, testCommand, writtenBy } = delivered(
      await handIn('programmer', args, { output }, blobs),
    );
    expect([files, notes, testCommand, writtenBy]).toEqual([
      [{ path: 'sum.ts', content: 'new' }],
      'n',
      'make',
      'user:ada and unknown',
    ]);
    const paths = [];
    for (const file of await getTree(blobs, workspace?.tree ?? ''))
      paths.push([file.path, (await getFile(blobs, file)).toString()]);
    expect(paths).toEqual([
      ['README.md', '# A\n'],
      ['sum.ts', 'new'],
    ]);
  });

  it('is all of its files where the run has no workspace', async () => {
    const blobs = memoryStore();
    const tree = await storedWorkspace(blobs, { 'a.ts': 'a', 'b/c.ts': 'c' });
    const result = delivered(await handIn('programmer', STEP_4, { workspace: { tree } }, blobs));
    expect(result.files.map(({ path }) => path)).toEqual(['a.ts', 'b/c.ts']);
    expect(result.writtenBy).toBe('user:ada');
    expect(result).not.toHaveProperty('workspace');
  });

  it.each<[string, object, Omit<HandIn, 'by'>, string]>([
    ['of a version that nobody has', {}, { workspace: { tree: 'e'.repeat(64) } }, 'There is no workspace eeee'],
    ['without a file', {}, { output: {} }, 'there is no file'],
    ['outside of its folder', {}, { output: { files: [{ path: '../x', content: '' }] } }, 'x'],
    ['twice over', {}, { output: { removedFiles: ['nowhere'] } }, 'removedFiles: there is no nowhere'],
    ['of another shape', {}, { output: 'done' }, 'must be an object'],
    [
      'in what is protected',
      { protectedFiles: ['*.test.ts'] },
      { output: { files: [{ path: 'a.test.ts', content: '' }] } },
      'a.test.ts is given and stays as it is',
    ],
  ])('is refused %s', async (_, more, given, problem) => {
    expect(await handIn('programmer', { ...STEP_4, ...more }, given)).toMatchObject(refused(problem));
  });

  it('may be tests alone where a tester was to write it', async () => {
    const args = { ...STEP_4, template: 'tester_prompt_template' };
    const files = (path: string) => ({ output: { files: [{ path, content: 'x' }] } });
    expect(await handIn('tester', args, files('test/a.test.ts'))).toMatchObject({ ok: true });
    expect(await handIn('tester', args, files('src/a.ts'))).toMatchObject(refused('src/a.ts is not yours to write'));
  });
});

describe('an answer that was written by hand', () => {
  const output = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };

  it('has the shape that the task names', async () => {
    expect(await handIn('prompt', { prompt: 'How many?', output }, { output: { n: 3 } })).toMatchObject({
      ok: true,
      output: { n: 3 },
    });
    expect(await handIn('prompt', { prompt: 'How many?', output }, { output: { n: 'three' } })).toMatchObject(
      refused('/n: '),
    );
  });
});
