import { type JsonObject } from '@baton/contracts';
import { describe, expect, it } from 'vitest';
import { plan, STEP_1, STEP_3 } from '../testing/example-tasks.js';
import { agentsWith, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;

describe('the planner', () => {
  it('must plan files that a deliverable may hold', async () => {
    const unsafe: JsonObject = { ...plan, files: [{ path: '../sum.ts', purpose: 'code' }] };
    const model = scriptedModel([unsafe, plan]);
    const { planner } = await agentsWith(model.call);
    expect(await planner(taskWith(STEP_1), signal)).toMatchObject({ ok: true, output: plan });
    expect(model.requests[1]?.prompt).toContain('../sum.ts');
  });

  it('keeps a revised plan in which answers were forgotten, and says which', async () => {
    const comments = [{ id: 'H1', by: 'user:ada', comment: 'Leave the cache out.', round: 1 }];
    const given = { issueId: 'P1', answer: 'added' };
    const model = scriptedModel([{ ...plan, answers: [given] }]);
    const { planner } = await agentsWith(model.call);
    expect(await planner(taskWith({ ...STEP_3, comments }), signal)).toMatchObject({
      ok: true,
      output: { ...plan, answers: [given, { issueId: 'H1', answer: 'No answer was given.' }] },
    });
    expect(model.requests).toHaveLength(1);
  });

  it('shows the comments of persons as data, and says what they are worth', async () => {
    const comments = [{ id: 'H1', by: 'user:ada', comment: 'Leave the cache out.', round: 1 }];
    const model = scriptedModel([plan]);
    const { planner } = await agentsWith(model.call);
    await planner(taskWith({ ...STEP_3, comments }), signal);
    expect(model.requests[0]?.prompt).toMatch(
      /BEGIN DATA comments [\s\S]*Leave the cache out\.[\s\S]*END DATA comments/,
    );
    expect(model.requests[0]?.system).toContain("A person's word outranks the validator's");
  });
});
