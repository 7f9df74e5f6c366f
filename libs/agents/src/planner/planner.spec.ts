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

  it('must answer each issue when it revises', async () => {
    const answered = { ...plan, answers: [{ issueId: 'P1', answer: 'added' }] };
    const model = scriptedModel([plan, answered]);
    const { planner } = await agentsWith(model.call);
    expect(await planner(taskWith(STEP_3), signal)).toMatchObject({ ok: true, output: answered });
    expect(model.requests[1]?.prompt).toContain('answers: there is none to the issue P1');
  });

  it('must answer each comment of a person, which the prompt shows as data', async () => {
    const comments = [{ id: 'H1', by: 'user:ada', comment: 'Leave the cache out.', round: 1 }];
    const toIssue = { issueId: 'P1', answer: 'added' };
    const answered = { ...plan, answers: [toIssue, { issueId: 'H1', answer: 'left out' }] };
    const model = scriptedModel([{ ...plan, answers: [toIssue] }, answered]);
    const { planner } = await agentsWith(model.call);
    expect(await planner(taskWith({ ...STEP_3, comments }), signal)).toMatchObject({ ok: true, output: answered });
    expect(model.requests[0]?.prompt).toMatch(
      /BEGIN DATA comments [\s\S]*Leave the cache out\.[\s\S]*END DATA comments/,
    );
    expect(model.requests[0]?.system).toContain("A person's word outranks the validator's");
    expect(model.requests[1]?.prompt).toContain('answers: there is none to the comment H1');
  });
});
