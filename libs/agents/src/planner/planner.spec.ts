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
});
