import { type CallModel, UnusableAnswer } from '@baton/llm';
import { describe, expect, it } from 'vitest';
import { plan, STEP_1 } from '../testing/example-tasks.js';
import { agentsWith, memoryJournal, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;
/** What the scripted model uses at each call. */
const TOKENS_A_CALL = 1111;

/** A planner with this budget, and how many output tokens each of its calls asked for. */
async function planning(
  budget: { usd?: number; tokens?: number },
  call: CallModel,
  changes: Parameters<typeof agentsWith>[1] = {},
) {
  const asked: number[] = [];
  const watched: CallModel = (request, given) => {
    asked.push(request.maxOutputTokens);
    return call(request, given);
  };
  const { planner } = await agentsWith(watched, changes);
  return { result: await planner(taskWith(STEP_1, { budget }), signal), asked };
}

describe('a task with a budget', () => {
  it('asks as usual while a whole call fits', async () => {
    const { result, asked } = await planning({ usd: 2, tokens: 200_000 }, scriptedModel([plan]).call);
    expect(result).toMatchObject({ ok: true, output: plan });
    expect(asked).toEqual([32_000]);
  });

  it('asks for less output where only that fits, and takes what the first call used off the second', async () => {
    const tokens = 30_000;
    const { result, asked } = await planning({ tokens }, scriptedModel(['no plan', plan]).call);
    expect(result).toMatchObject({ ok: true, usage: { inputTokens: 2022, outputTokens: 200 } });
    const [first = 0, second = 0] = asked;
    expect(first).toBeLessThan(30_000);
    expect(second).toBeLessThan(first - TOKENS_A_CALL);
  });

  it('fails before anything is paid where a call does not fit, and no retry helps', async () => {
    const { result, asked } = await planning({ tokens: 5_000 }, scriptedModel([]).call);
    expect(result).toEqual({
      ok: false,
      error: 'Baton.BudgetExhausted',
      retryable: false,
      cause: expect.stringMatching(/5,000 of the task's 5,000 tokens are left.*larger budget/),
      template: expect.objectContaining({ id: 'step1_initial_planner_prompt_template' }),
      journal: { calls: 1, replayed: 0 },
    });
    expect(asked).toEqual([]);
  });

  it('reports what it used when the budget ends between two calls', async () => {
    const priced = await planning({ usd: 0.3 }, scriptedModel(['no plan', plan]).call);
    expect(priced.result).toMatchObject({ ok: true });
    const dear: CallModel = async (request, given) => ({
      ...(await scriptedModel(['no plan']).call(request, given)),
      usage: { inputTokens: 30_000, outputTokens: 8_000, cacheReadTokens: 0, cacheWriteTokens: 0 },
    });
    const { result, asked } = await planning({ usd: 0.3 }, dear);
    expect(result).toMatchObject({
      ok: false,
      error: 'Baton.BudgetExhausted',
      usage: { inputTokens: 30_000, outputTokens: 8_000, costUsd: 0.28 },
    });
    expect(asked).toHaveLength(1);
  });

  it('refuses a model without a price under a limit in dollars, unless tokens are limited too', async () => {
    const own = scriptedModel([plan, plan], 'my-own');
    const modelFor = () => 'my-own';
    const { result, asked } = await planning({ usd: 100 }, own.call, { modelFor });
    expect(result).toMatchObject({
      ok: false,
      error: 'Baton.BudgetExhausted',
      cause: expect.stringMatching(/price of my-own is not known.*BATON_MODEL_PLANNER/),
    });
    expect(asked).toEqual([]);
    const bounded = await planning({ usd: 100, tokens: 100_000 }, own.call, { modelFor });
    expect(bounded.result).toMatchObject({ ok: true, usage: { costUsd: null } });
  });

  it('counts a call once that is answered from the journal, and needs no room for it', async () => {
    const { journalFor } = memoryJournal();
    const letGo = new AbortController();
    const cutOff: CallModel = async (request, given) => {
      if (request.prompt.includes('previousAnswer')) letGo.abort(new Error('killed'));
      return scriptedModel(['no plan']).call(request, given);
    };
    // The first call is in the journal, the second was cut off.
    const first = await agentsWith(cutOff, { journalFor: withoutSecond(journalFor, letGo) });
    const budget = { tokens: 36_000 };
    await expect(first.planner(taskWith(STEP_1, { budget }), letGo.signal)).rejects.toThrow('killed');

    const whole = await planning(budget, scriptedModel(['no plan', plan]).call);
    const again = await planning(budget, scriptedModel([plan]).call, { journalFor });
    expect(again.asked).toEqual(whole.asked.slice(1));
    expect(again.result).toEqual({ ...whole.result, journal: { calls: 2, replayed: 1 } });

    const small = { tokens: 1 };
    const replayed = await planning(small, scriptedModel([]).call, { journalFor });
    expect(replayed).toMatchObject({ asked: [], result: { ok: true, usage: { inputTokens: 2022 } } });
  });

  it('begins a single question anew after a share that was too small: it has no turns to go on from', async () => {
    const { journalFor } = memoryJournal();
    const dear: CallModel = async (request, given) => ({
      ...(await scriptedModel(['no plan']).call(request, given)),
      usage: { inputTokens: 30_000, outputTokens: 8_000, cacheReadTokens: 0, cacheWriteTokens: 0 },
    });
    const first = await planning({ usd: 0.3 }, dear, { journalFor });
    expect(first.result).toMatchObject({ ok: false, error: 'Baton.BudgetExhausted' });
    const continues = [{ commandId: taskWith(STEP_1).commandId, entries: 1 }];
    const commandId = taskWith(STEP_1).commandId.replace(/1$/, '2');
    const { planner } = await agentsWith(scriptedModel([plan]).call, { journalFor });
    const result = await planner(taskWith(STEP_1, { commandId, continues }), signal);
    expect(result).toMatchObject({ ok: true, output: plan, usage: { inputTokens: 1011 } });
  });

  it('takes an answer that was cut off at a lowered limit for the end of the budget', async () => {
    const spent = {
      model: 'claude-opus-5-5',
      stopReason: 'max_tokens',
      usage: { inputTokens: 5, outputTokens: 9, cacheReadTokens: 0, cacheWriteTokens: 0 },
      requestId: null,
    };
    const cut = new UnusableAnswer('Cut off.', { code: 'model-output-limit', next: 'Raise it.', spent });
    const lowered = await planning({ tokens: 30_000 }, scriptedModel([cut]).call);
    expect(lowered.result).toMatchObject({
      ok: false,
      error: 'Baton.BudgetExhausted',
      cause: expect.stringContaining('The budget of the task left no more.'),
      usage: { inputTokens: 5, outputTokens: 9 },
    });
    const usual = await planning({ tokens: 300_000 }, scriptedModel([cut]).call);
    expect(usual.result).toMatchObject({ ok: false, error: 'Baton.InvalidOutput' });
  });
});

/** A journal that loses the second response, as a process does that is killed before it is written. */
function withoutSecond(
  journalFor: ReturnType<typeof memoryJournal>['journalFor'],
  { signal: letGo }: AbortController,
): typeof journalFor {
  return (commandId) => {
    const journal = journalFor(commandId);
    return {
      read: journal.read,
      write: async (index, response) => {
        letGo.throwIfAborted();
        await journal.write(index, response);
      },
    };
  };
}
