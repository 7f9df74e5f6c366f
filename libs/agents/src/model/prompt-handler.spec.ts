import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RetryableError, TerminalError } from '@baton/contracts';
import { UnusableAnswer } from '@baton/llm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plan, review, STEP_1, STEP_2, STEP_3 } from '../testing/example-tasks.js';
import { agentsWith, memoryJournal, PROMPTS_DIR, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;

/** What `sha256sum` says of a shipped template. */
const sha256OfFile = async (id: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(PROMPTS_DIR, `${id}.md`)))
    .digest('hex');

describe('an agent that asks a model', () => {
  it('sends the template filled with its arguments, and returns the checked answer with what it used', async () => {
    const model = scriptedModel([plan]);
    const { planner } = await agentsWith(model.call);
    expect(await planner(taskWith(STEP_1), signal)).toEqual({
      ok: true,
      output: plan,
      model: 'claude-opus-5-5',
      usage: {
        inputTokens: 1011,
        outputTokens: 100,
        cacheReadTokens: 10,
        cacheWriteTokens: 1,
        costUsd: expect.any(Number),
      },
      template: {
        id: STEP_1.template,
        version: expect.any(String),
        sha256: await sha256OfFile(STEP_1.template),
        variant: 'main',
      },
      journal: { calls: 1, replayed: 0 },
    });
    const { template: _, ...variables } = STEP_1;
    expect(model.requests[0]).toMatchObject({
      agent: 'planner',
      template: { id: 'step1_initial_planner_prompt_template' },
      model: 'claude-opus-5-5',
      variables,
      output: { name: 'Plan', jsonSchema: { type: 'object' } },
      conversationId: '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11',
    });
    expect(model.requests[0]?.prompt).toMatch(/BEGIN DATA requirements \w+\nAdd two numbers\.\nEND DATA/);
    expect(model.requests[0]?.system).not.toContain('{{');
  });

  it('asks the model that its run was submitted with, in the variant that it was submitted with', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'baton-prompts-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const text = await readFile(join(PROMPTS_DIR, `${STEP_1.template}.md`), 'utf8');
    await writeFile(join(dir, `${STEP_1.template}.terse.md`), text.replace('# System\n', '# System\n\nBe terse.\n'));
    const model = scriptedModel([plan, plan], 'claude-haiku-5-5');
    const { planner } = await agentsWith(model.call, { promptsDirs: [dir] });
    const agents = { model: 'claude-haiku-5-5', templates: { [STEP_1.template]: 'terse' } };
    const result = await planner(taskWith(STEP_1, { agents }), signal);
    expect(result).toMatchObject({ ok: true, model: 'claude-haiku-5-5', template: { variant: 'terse' } });
    expect(model.requests[0]).toMatchObject({ model: 'claude-haiku-5-5', system: expect.stringMatching(/^Be terse/) });
    const again = {
      ...STEP_1,
      recovery: { strategy: 'escalate_model', attempt: 1, previousError: { error: 'E', cause: 'c' } },
    };
    await planner(taskWith(again, { agents, commandId: 'another' }), signal);
    expect(model.requests[1]).toMatchObject({ model: 'claude-sonnet-5-5', system: expect.stringMatching(/^Be terse/) });
  });

  it('asks the offline model for a run that wants it, and never gives its answer out as that of another', async () => {
    const server = scriptedModel([]);
    const { planner } = await agentsWith(server.call);
    const offline = await planner(taskWith(STEP_1, { agents: { model: 'offline' } }), signal);
    expect(offline).toMatchObject({ ok: true, model: 'offline' });
    const alone = await agentsWith(scriptedModel([]).call, { modelFor: () => 'offline' });
    expect(await alone.planner(taskWith(STEP_1, { agents: { model: 'claude-opus-5-5' } }), signal)).toEqual({
      ok: false,
      error: 'Baton.ModelUnavailable',
      cause: expect.stringMatching(/^The run asks for the model claude-opus-5-5, and this service reaches none but/),
      retryable: false,
    });
  });

  it('gives an answer that does not fit back once, with what is wrong, and takes the second one', async () => {
    const model = scriptedModel([{ ...review, scores: { ...review.scores, alignment: 11 } }, review]);
    const { validator } = await agentsWith(model.call);
    expect(await validator(taskWith(STEP_2), signal)).toMatchObject({
      ok: true,
      output: review,
      usage: { inputTokens: 2022, outputTokens: 200 },
      journal: { calls: 2, replayed: 0 },
    });
    const repair = model.requests[1]?.prompt ?? '';
    expect(repair.startsWith(model.requests[0]?.prompt ?? 'x')).toBe(true);
    expect(repair).toContain('"alignment":11');
    expect(repair).toContain('scores.alignment');
  });

  it('fails as Baton.InvalidOutput when the second answer does not fit either, and does not ask a third time', async () => {
    const model = scriptedModel(['I would rather not.', '{"scores": 3}', review]);
    const { validator } = await agentsWith(model.call);
    expect(await validator(taskWith(STEP_2), signal)).toMatchObject({
      ok: false,
      error: 'Baton.InvalidOutput',
      retryable: true,
      cause: expect.stringContaining('scores'),
      usage: { inputTokens: 2022 },
      journal: { calls: 2, replayed: 0 },
    });
    expect(model.requests).toHaveLength(2);
  });

  it('asks for no longer an answer than the step says, and refuses a bound that is none', async () => {
    const model = scriptedModel([plan]);
    const { planner } = await agentsWith(model.call);
    expect(await planner(taskWith({ ...STEP_1, maxOutputTokens: 1234 }), signal)).toMatchObject({ ok: true });
    expect(model.requests[0]).toMatchObject({ maxOutputTokens: 1234 });
    expect(model.requests[0]?.variables).not.toHaveProperty('maxOutputTokens');
    const refused = await planner(taskWith({ ...STEP_1, maxOutputTokens: 0 }), signal);
    expect(refused).toMatchObject({ error: 'Baton.InvalidInput', cause: expect.stringContaining('maxOutputTokens') });
  });

  it('asks with the effort of the step, else of the agent, and says no other word for it', async () => {
    const model = scriptedModel([plan, 'no plan', plan]);
    const { planner } = await agentsWith(model.call, { effort: 'low' });
    await planner(taskWith(STEP_1), signal);
    await planner(taskWith({ ...STEP_1, effort: 'max' }, { commandId: 'another' }), signal);
    expect(model.requests.map(({ effort }) => effort)).toEqual(['low', 'max', 'max']);
    expect(model.requests[1]?.variables).not.toHaveProperty('effort');
    const refused = await planner(taskWith({ ...STEP_1, effort: 'huge' }), signal);
    expect(refused).toMatchObject({ error: 'Baton.InvalidInput', cause: expect.stringContaining('effort') });
  });

  it('reads an answer that a server wrapped in prose or in a code fence', async () => {
    for (const text of [`Here:\n\`\`\`json\n${JSON.stringify(plan)}\n\`\`\`\nDone.`, `Sure! ${JSON.stringify(plan)}`]) {
      const { planner } = await agentsWith(scriptedModel([text]).call);
      expect(await planner(taskWith(STEP_1), signal)).toMatchObject({ ok: true, output: plan });
    }
  });

  it('answers a repeated task from the journal, without a call', async () => {
    const { journalFor } = memoryJournal();
    const first = await agentsWith(scriptedModel(['nonsense', plan]).call, { journalFor });
    const again = scriptedModel([]);
    const second = await agentsWith(again.call, { journalFor });
    const result = await first.planner(taskWith(STEP_1), signal);
    expect(await second.planner(taskWith(STEP_1), signal)).toEqual({ ...result, journal: { calls: 2, replayed: 2 } });
    expect(again.requests).toEqual([]);
  });

  it.each([
    [{ ...STEP_1, requirements: ' \n' }, 'requirements'],
    [{ ...STEP_1, surprise: 1 }, 'surprise'],
    [{ ...STEP_1, language: 'cobol' }, 'language'],
    [{ ...STEP_1, template: 'step4_programmer_prompt_template' }, 'the planner works with step1'],
    [{ ...STEP_1, template: '__proto__' }, 'the planner works with'],
    [{ ...STEP_3, review: { ...review, scores: {} } }, 'review.scores.alignment'],
    [{}, 'template'],
    [null, 'template'],
    ['text', 'template'],
  ])('refuses the arguments %j without asking the model', async (args, cause) => {
    const model = scriptedModel([]);
    const { planner } = await agentsWith(model.call);
    expect(await planner(taskWith(args), signal)).toEqual({
      ok: false,
      error: 'Baton.InvalidInput',
      retryable: false,
      cause: expect.stringContaining(cause),
    });
    expect(model.requests).toEqual([]);
  });

  const spent = {
    model: 'claude-opus-5-5',
    stopReason: 'refusal',
    usage: { inputTokens: 5, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
    requestId: null,
  };
  const next = 'Set ANTHROPIC_API_KEY to a valid key.';
  it.each([
    [
      'an unavailable model',
      new RetryableError('Busy.', { code: 'model-overloaded', next, retryAfterMs: 1 }),
      'Baton.ModelUnavailable',
      true,
    ],
    [
      'a refused key',
      new TerminalError('ANTHROPIC_API_KEY was refused.', { code: 'model-auth', next }),
      'Baton.ModelUnavailable',
      false,
    ],
    ['a refusal', new UnusableAnswer('No.', { code: 'Baton.ModelRefused', next, spent }), 'Baton.ModelRefused', false],
    [
      'a cut answer',
      new UnusableAnswer('Cut.', { code: 'model-output-limit', next, spent }),
      'Baton.InvalidOutput',
      false,
    ],
  ])('turns %s into a result that says what to do', async (_, thrown, error, retryable) => {
    const { planner } = await agentsWith(scriptedModel([thrown]).call);
    const result = await planner(taskWith(STEP_1), signal);
    expect(result).toMatchObject({ ok: false, error, retryable, cause: `${thrown.message} ${next}` });
    expect(result.usage?.inputTokens).toBe(thrown instanceof UnusableAnswer ? 5 : undefined);
  });

  it('throws where it was let go, so that the task is handed out again', async () => {
    const letGo = new AbortController();
    const { planner } = await agentsWith(async () => {
      letGo.abort(new Error('lock lost'));
      throw new RetryableError('cut off', { code: 'model-aborted', retryAfterMs: 0 });
    });
    await expect(planner(taskWith(STEP_1), letGo.signal)).rejects.toThrow('lock lost');
  });

  it('throws what is a bug or a lost journal', async () => {
    const { planner } = await agentsWith(scriptedModel([new Error('undefined is not a function')]).call);
    await expect(planner(taskWith(STEP_1), signal)).rejects.toThrow('undefined is not a function');
  });
});
