import { startAgent } from '@baton/agents';
import { TaskFailed, TaskSucceeded } from '@baton/contracts';
import { WorkerFixture } from '@baton/worker/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PromptModule } from './prompt.module.js';

const BATON_PROMPTS_DIR: string[] = [];

describe('the prompt service', () => {
  let fixture: WorkerFixture;
  beforeAll(async () => {
    fixture = await WorkerFixture.open(inject('postgresUrl'), 'prompt');
    await fixture.start((context) =>
      startAgent({ agent: 'prompt', module: PromptModule }, context, { ...fixture.env, BATON_PROMPTS_DIR }),
    );
  });
  afterAll(() => fixture?.close());

  it('answers a question with a value that fits the schema of its task', async () => {
    const output = { type: 'object', properties: { topic: { enum: ['trains', 'cars'] } }, required: ['topic'] };
    const sent = await fixture.send({ arguments: { prompt: 'Why do cars rust?', output } });
    const { name, data } = await fixture.resultOf(sent);
    expect(name).toBe('succeeded');
    expect(TaskSucceeded.parse(data)).toMatchObject({
      output: { topic: 'cars' },
      model: 'offline',
      usage: { inputTokens: 0, outputTokens: 0 },
      journal: { calls: 1, replayed: 0 },
    });
  });

  it('reports arguments that do not fit as a failed task', async () => {
    const { name, data } = await fixture.resultOf(await fixture.send({ arguments: { output: {} } }));
    expect(name).toBe('failed');
    expect(TaskFailed.parse(data)).toMatchObject({ error: 'Baton.InvalidInput', retryable: false });
  });
});
