import { BatonError } from '@baton/contracts';
import { type CallModel, InterruptedCall, ModelBusy, type SpentCall } from '@baton/llm';
import { describe, expect, it } from 'vitest';
import { plan, STEP_1 } from '../testing/example-tasks.js';
import { agentsWith, memoryJournal, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;
const now = () => new Date('2026-11-21T12:00:00Z');
const busy = (retryAfterMs: number) =>
  new ModelBusy('The server asks to slow down.', { code: 'model-rate-limited', next: 'Wait.', retryAfterMs });
const spent: SpentCall = {
  model: 'claude-opus-5-5',
  stopReason: 'interrupted',
  usage: { inputTokens: 300, outputTokens: 40, cacheReadTokens: 0, cacheWriteTokens: 0 },
  requestId: 'req_cut',
};
const cut = (code = 'model-unreadable') =>
  new InterruptedCall('The answer breaks off.', { code, next: 'Ask again.', spent, retryAfterMs: 0 });

describe('a server that wants to be left alone', () => {
  it('leaves the task to the queue for as long as it says', async () => {
    const { planner } = await agentsWith(scriptedModel([busy(90_000)]).call, { now });
    await expect(planner(taskWith(STEP_1), signal)).rejects.toMatchObject({ retryAfterMs: 90_000 });
    const patient = await agentsWith(scriptedModel([busy(90_000)]).call, { now });
    const task = taskWith(STEP_1, { deadline: '2026-11-21T12:05:00Z' });
    await expect(patient.planner(task, signal)).rejects.toMatchObject({ retryAfterMs: 90_000 });
  });

  it('fails a task that has less time than that, at once and with the reason', async () => {
    const { planner } = await agentsWith(scriptedModel([busy(7_200_000)]).call, { now });
    const task = taskWith(STEP_1, { deadline: '2026-11-21T12:05:00Z' });
    expect(await planner(task, signal)).toMatchObject({
      ok: false,
      error: 'Baton.ModelUnavailable',
      retryable: false,
      cause: expect.stringContaining('a wait of 7200 s, and the task has less time'),
    });
  });

  it('costs nothing twice: what was answered before the wait comes from the journal after it', async () => {
    const { journalFor } = memoryJournal();
    const first = await agentsWith(scriptedModel(['no plan', busy(90_000)]).call, { journalFor });
    await expect(first.planner(taskWith(STEP_1), signal)).rejects.toBeInstanceOf(BatonError);
    const model = scriptedModel([plan]);
    const second = await agentsWith(model.call, { journalFor });
    expect(await second.planner(taskWith(STEP_1), signal)).toMatchObject({
      ok: true,
      usage: { inputTokens: 2022, outputTokens: 200 },
      journal: { calls: 2, replayed: 1 },
    });
    expect(model.requests).toHaveLength(1);
  });
});

describe('a call that breaks off', () => {
  it('is in the bill of the task, with the id that its server gave it', async () => {
    const { planner } = await agentsWith(scriptedModel([cut()]).call);
    expect(await planner(taskWith(STEP_1), signal)).toMatchObject({
      ok: false,
      error: 'Baton.ModelUnavailable',
      retryable: true,
      usage: { inputTokens: 300, outputTokens: 40, costUsd: (300 * 4 + 40 * 20) / 1_000_000 },
      requestIds: ['req_cut'],
    });
  });

  it('is in the bill of the worker that gets the task next where this one had to let go', async () => {
    const { journalFor } = memoryJournal();
    const letGo = new AbortController();
    const aborted: CallModel = async () => {
      letGo.abort(new Error('lock lost'));
      throw cut('model-aborted');
    };
    const first = await agentsWith(aborted, { journalFor });
    await expect(first.planner(taskWith(STEP_1), letGo.signal)).rejects.toThrow('lock lost');
    const second = await agentsWith(scriptedModel([plan]).call, { journalFor });
    expect(await second.planner(taskWith(STEP_1), signal)).toMatchObject({
      ok: true,
      usage: { inputTokens: 300 + 1011, outputTokens: 140 },
      journal: { calls: 2, replayed: 1 },
    });
  });
});

describe('a call near the end of a budget', () => {
  const budget = { usd: 0.12 };
  const asked = async (countTokens?: () => Promise<number | null>) => {
    const model = scriptedModel([plan]);
    const { planner } = await agentsWith(model.call, { now, countTokens });
    const requirements = '计划 words '.repeat(4_000);
    const result = await planner(taskWith({ ...STEP_1, requirements }, { budget }), signal);
    return { result, requests: model.requests };
  };

  it('is made where the tokens that the server counts fit, though the estimate does not', async () => {
    expect((await asked()).result).toMatchObject({ ok: false, error: 'Baton.BudgetExhausted' });
    expect((await asked(async () => null)).result).toMatchObject({ ok: false, error: 'Baton.BudgetExhausted' });
    const { result, requests } = await asked(async () => 6_000);
    expect(result).toMatchObject({ ok: true });
    expect(requests[0]?.maxOutputTokens).toBe(Math.floor((0.12 * 1_000_000 - 6_120 * 5) / 20));
  });

  it('is refused where what is counted does not fit either', async () => {
    expect((await asked(async () => 30_000)).result).toMatchObject({ error: 'Baton.BudgetExhausted' });
  });

  it('is not counted where the estimate fits', async () => {
    const model = scriptedModel([plan]);
    const countTokens = () => Promise.reject(new Error('counted'));
    const { planner } = await agentsWith(model.call, { now, countTokens });
    expect(await planner(taskWith(STEP_1, { budget: { usd: 1 } }), signal)).toMatchObject({ ok: true });
  });
});
