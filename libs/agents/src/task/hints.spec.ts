import type { JsonObject } from '@baton/contracts';
import { createOfflineModel } from '@baton/offline-model';
import { describe, expect, it } from 'vitest';
import {
  implementation,
  plan,
  refinement,
  review,
  STEP_1,
  STEP_2,
  STEP_3,
  STEP_4,
  STEP_5A,
  STEP_6,
} from '../testing/example-tasks.js';
import { agentsWith, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;
const previousError = { error: 'States.Timeout', cause: 'The deadline passed.' };
const recovery = (strategy: string) => ({ strategy, attempt: 1, previousError });

const question = { prompt: 'What mood?' };
const answered = { ...plan, answers: [{ issueId: 'P1', answer: 'added' }] };
const TASKS = [
  { agent: 'planner', step: 'the first plan', args: STEP_1, answer: plan, leftOutIn: 'openQuestions' },
  { agent: 'planner', step: 'the revision', args: STEP_3, answer: answered, leftOutIn: 'openQuestions' },
  { agent: 'validator', step: 'the review of a plan', args: STEP_2, answer: review, leftOutIn: 'summary' },
  { agent: 'validator', step: 'the review of code', args: STEP_5A, answer: review, leftOutIn: 'summary' },
  { agent: 'programmer', step: 'the first code', args: STEP_4, answer: implementation, leftOutIn: 'notes' },
  { agent: 'programmer', step: 'the refinement', args: STEP_6, answer: refinement, leftOutIn: 'notes' },
  { agent: 'prompt', step: 'a question', args: question, answer: { text: 'Fair.' }, leftOutIn: 'what you left out' },
] as const;

describe.each(TASKS)('$step of the $agent', ({ agent, args, answer, leftOutIn }) => {
  const promptFor = async (hints: object, model = 'claude-sonnet-5-5') => {
    const scripted = scriptedModel([answer, answer]);
    const agents = await agentsWith(scripted.call, { modelFor: () => model });
    const result = await agents[agent](taskWith(JSON.parse(JSON.stringify({ ...args, ...hints }))), signal);
    expect(result).toMatchObject({ ok: true });
    return { prompt: scripted.requests[0]?.prompt ?? '', model: scripted.requests[0]?.model, result };
  };

  it('speaks of no failure and no budget where there was none', async () => {
    expect((await promptFor({})).prompt).not.toMatch(/failed before|budget of this run|Deliver less/);
  });

  it.each(['same', 'extended_timeout', 'escalate_model', 'alternate_template', 'reduced_scope'])(
    'is told the previous error, as data, when it is tried again with %s',
    async (strategy) => {
      const { prompt } = await promptFor({ recovery: recovery(strategy) });
      expect(prompt).toMatch(
        /BEGIN DATA previousError (\w+)\n\{[^}]*The deadline passed\.[^}]*\}\nEND DATA previousError \1/,
      );
      expect(prompt.includes('Deliver less this time')).toBe(strategy === 'reduced_scope');
    },
  );

  it('is asked for the smallest complete part, and told where to list what it leaves out', async () => {
    const { prompt } = await promptFor({ recovery: recovery('reduced_scope') });
    expect(prompt.slice(prompt.indexOf('Deliver less this time'))).toContain(leftOutIn);
  });

  it('goes to the next stronger model, or to the same where none is known', async () => {
    const escalated = { recovery: recovery('escalate_model') };
    expect((await promptFor(escalated)).model).toBe('claude-opus-5-5');
    expect((await promptFor(escalated, 'claude-fable-5-2')).model).toBe('claude-fable-5-2');
    expect((await promptFor({ recovery: recovery('same') })).model).toBe('claude-sonnet-5-5');
  });

  it('is asked to finish with what is there when the budget of the run comes to its end', async () => {
    expect((await promptFor({ budgetHint: 'wind-down' })).prompt).toContain('Finish with what is there');
  });
});

describe('a recovery', () => {
  it('says in the log that no stronger model is known, and stays with the offline one', async () => {
    const warned: string[] = [];
    const log = { info: () => {}, warn: (_: unknown, message: string) => warned.push(message) };
    const offline = createOfflineModel({ delayMs: 0 });
    const { planner } = await agentsWith(offline, { modelFor: () => 'offline', log });
    const task = taskWith({ ...STEP_1, recovery: recovery('escalate_model') });
    expect(await planner(task, signal)).toMatchObject({ ok: true, model: 'offline' });
    expect(warned).toEqual(['no stronger model is known than the usual one, so the same is asked again']);
  });

  it('changes nothing of what the offline model answers to a question', async () => {
    const answerTo = async (args: JsonObject) => {
      const { prompt } = await agentsWith(createOfflineModel({ delayMs: 0 }), { modelFor: () => 'offline' });
      return prompt(taskWith(args), signal);
    };
    const again = { ...question, recovery: recovery('same'), budgetHint: 'wind-down' };
    expect(await answerTo(again)).toEqual(await answerTo(question));
  });

  it('leaves the tools alone, which have no other way to work', async () => {
    const { validator } = await agentsWith(scriptedModel([]).call);
    const files = [{ path: 'a.ts', content: 'export const a = 1;\n' }];
    const args = { tools: true, language: 'typescript', files, testCommand: 'node --test', writtenBy: 'model' };
    const task = taskWith({ ...args, recovery: recovery('same'), budgetHint: 'wind-down' });
    expect(await validator(task, signal)).toMatchObject({ ok: true, output: { language: 'typescript' } });
  });

  it.each([
    [{ recovery: { ...recovery('same'), strategy: 'louder' } }, 'recovery.strategy'],
    [{ recovery: { strategy: 'same', attempt: 1 } }, 'recovery.previousError'],
    [{ budgetHint: 'hurry' }, 'budgetHint'],
  ])('of another shape is refused, by its name: %j', async (hints, cause) => {
    const { planner } = await agentsWith(scriptedModel([]).call);
    const result = await planner(taskWith({ ...STEP_1, ...hints }), signal);
    expect(result).toMatchObject({ ok: false, error: 'Baton.InvalidInput', cause: expect.stringContaining(cause) });
  });
});
