import { JsonObject } from '@baton/contracts';
import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptedModel } from '../loop/testing/scripted-conversation.js';
import { Deliverable } from '../task/outputs.js';
import { plan, STEP_4, STEP_6 } from '../testing/example-tasks.js';
import { agentsWith, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;
const write = (path: string, content = 'x') => ({ name: 'write', input: { path, content } });
const FINISH = { name: 'finish', input: { notes: 'n', testCommand: 'node --test' } };
const REFINED = { name: 'finish', input: { notes: 'n', answers: [] } };
const TEST = { path: 'test/sum.test.ts', content: 'the test' };

/** What an agent delivers when its model makes these calls, one turn each, and what it was told. */
async function done(agent: 'tester' | 'programmer', args: object, turns: readonly ScriptedAnswer[]) {
  const { callModel, asked } = scriptedModel((turn) => turns[turn] ?? turns.at(-1) ?? {});
  const agents = await agentsWith(callModel, { modelFor: () => 'claude-sonnet-5-5' });
  const task = taskWith(JsonObject.parse(JSON.parse(JSON.stringify(args))));
  const result = await agents[agent](task, signal);
  const told = JSON.stringify(asked.at(-1)?.turns ?? []);
  if (!result.ok) return { result, files: [], told, asked };
  return { result, files: Deliverable.parse(result.output).files.map(({ path }) => path), told, asked };
}

describe('a tester', () => {
  const WRITE_TESTS = {
    template: 'tester_prompt_template',
    requirements: 'Add two numbers.',
    language: 'typescript',
    plan,
  };

  it('writes tests, and no file that is none, whatever it tries', async () => {
    const tries = [
      write('sum.ts'),
      write('test/../sum.ts'),
      write('package.json'),
      { name: 'move', input: { from: 'test/sum.test.ts', to: 'sum.ts' } },
    ];
    const { files, told } = await done('tester', WRITE_TESTS, [
      { calls: [write('test/sum.test.ts', 'the test'), ...tries] },
      { calls: [FINISH] },
    ]);
    expect(files).toEqual(['test/sum.test.ts']);
    expect(told).toContain('sum.ts is not yours to write: only test/');
    expect(told).toContain('package.json is not yours to write');
  });

  it('cannot hand a file in either that is no test', async () => {
    const all = { ...FINISH.input, files: [TEST, { path: 'sum.ts', content: 'code' }] };
    const { files, told } = await done('tester', WRITE_TESTS, [
      { calls: [{ name: 'finish', input: all }] },
      { calls: [write('test/sum.test.ts')] },
      { calls: [FINISH] },
    ]);
    expect(files).toEqual(['test/sum.test.ts']);
    expect(told).toContain('sum.ts is not yours to write');
  });

  it('has other patterns where its task says so, and is told them at once', async () => {
    const { files, asked } = await done('tester', { ...WRITE_TESTS, testFiles: ['checks/'] }, [
      { calls: [write('checks/sum.js'), write('test/sum.test.ts')] },
      { calls: [FINISH] },
    ]);
    expect(files).toEqual(['checks/sum.js']);
    expect(asked[0]?.system).toContain('these files alone: checks/');
  });
});

describe('a programmer who is given tests', () => {
  const IMPLEMENT = { ...STEP_4, files: [TEST], protectedFiles: ['test/'] };
  const untouched = async (result: Awaited<ReturnType<typeof done>>['result']) => {
    if (!result.ok) throw new Error(result.cause);
    return Deliverable.parse(result.output).files.find(({ path }) => path === TEST.path)?.content;
  };

  it('cannot change, move, delete or add to them, by any tool', async () => {
    const tries = [
      write('test/sum.test.ts', 'an easier test'),
      write('Test/more.test.ts'),
      { name: 'edit', input: { path: 'test/sum.test.ts', old: 'the', new: 'no' } },
      { name: 'move', input: { from: 'test/sum.test.ts', to: 'old.ts' } },
      { name: 'delete', input: { path: 'test/sum.test.ts' } },
    ];
    const { result, files, told } = await done('programmer', IMPLEMENT, [
      { calls: [write('sum.ts'), ...tries] },
      { calls: [FINISH] },
    ]);
    expect(files.filter((path) => path !== 'old.ts').sort()).toEqual(['sum.ts', 'test/sum.test.ts']);
    expect(await untouched(result)).toBe('the test');
    expect(told.match(/is given and stays as it is/g)?.length).toBe(5);
  });

  it('cannot hand in others either, nor take them away in a refinement', async () => {
    const all = {
      ...FINISH.input,
      files: [
        { ...TEST, content: 'easier' },
        { path: 'sum.ts', content: 'x' },
      ],
    };
    const { result, told } = await done('programmer', IMPLEMENT, [
      { calls: [{ name: 'finish', input: all }] },
      { calls: [write('sum.ts')] },
      { calls: [FINISH] },
    ]);
    expect(await untouched(result)).toBe('the test');
    expect(told).toContain('test/sum.test.ts is given and stays as it is');

    const code = { files: [TEST, { path: 'sum.ts', content: 'old' }], notes: '', testCommand: 'node --test' };
    const refine = { ...STEP_6, code, protectedFiles: ['*.test.ts'] };
    const refined = await done('programmer', refine, [
      { calls: [{ name: 'finish', input: { ...REFINED.input, removedFiles: [TEST.path] } }] },
      { calls: [write('sum.ts', 'new')] },
      { calls: [REFINED] },
    ]);
    expect(await untouched(refined.result)).toBe('the test');
  });

  it('may change any file where its task protects none', async () => {
    const { files } = await done('programmer', { ...IMPLEMENT, protectedFiles: undefined }, [
      { calls: [{ name: 'delete', input: { path: TEST.path } }, write('sum.ts')] },
      { calls: [FINISH] },
    ]);
    expect(files).toEqual(['sum.ts']);
  });
});

describe('work with variables of the workflow', () => {
  it.each([
    [{ variables: { other: 1 } }, 'asks for {{'],
    [{ template: 'build_website_reviewer' }, 'for the prompt'],
    [{ template: 'step6_code_refinement_programmer_prompt_template' }, 'gives Refinement'],
  ])('is refused where the template does not show them: %j', async (changes, problem) => {
    const args = { template: 'step4_programmer_prompt_template', variables: { a: 1 }, language: 'typescript' };
    const { result } = await done('programmer', { ...args, ...changes }, []);
    expect(result).toMatchObject({ ok: false, error: 'Baton.InvalidInput', cause: expect.stringContaining(problem) });
  });
});
