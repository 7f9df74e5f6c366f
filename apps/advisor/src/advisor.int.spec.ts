import { type AgentEnv, startAgent } from '@baton/agents';
import { TaskFailed, TaskSucceeded } from '@baton/contracts';
import { message, startMessagesServer } from '@baton/llm/testing';
import { queueBackends, WorkerFixture } from '@baton/worker/testing';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { AdvisorModule } from './advisor.module.js';

const BATON_PROMPTS_DIR: string[] = [];
const refine = { id: 'go:Refine', actionType: 'invoke_agent', target: 'Refine', text: 'go on with Refine' };
const person = { id: 'human', actionType: 'request_human', target: null, text: 'ask a person' };
const scores = (alignment: number) => ({ alignment, standardization: 9, compatibility: 9 });
const question = {
  template: 'workflow_orchestrator_prompt_template',
  point: { kind: 'choice', state: 'CodeConverged' },
  classification: 'complex',
  reasons: ['two rounds gained less than 0.3'],
  digest: {
    rounds: [8, 8.1, 8.2].map((alignment, index) => ({ round: index + 1, scores: scores(alignment) })),
    thresholds: scores(9),
    failingTools: [],
    round: 3,
    maxRounds: 5,
  },
  legalMoves: [refine, person],
};

describe.each(queueBackends())('the advisor service with queues on $backend', ({ redisUrl, isAvailable }) => {
  const open = async (changes: Partial<AgentEnv> = {}): Promise<WorkerFixture> => {
    const fixture = await WorkerFixture.open(inject('postgresUrl'), 'advisor', redisUrl);
    onTestFinished(() => fixture.close());
    await fixture.start((context) =>
      startAgent({ agent: 'advisor', module: AdvisorModule }, context, {
        ...fixture.env,
        BATON_PROMPTS_DIR,
        ...changes,
      }),
    );
    return fixture;
  };

  it.skipIf(!isAvailable)('picks one of the legal moves, and the same one when it is asked again', async () => {
    const fixture = await open();
    const commandId = await fixture.send({ arguments: question });
    const first = TaskSucceeded.parse((await fixture.resultOf(commandId)).data);
    expect(first).toMatchObject({
      model: 'offline',
      output: { move: 'human', rationale: expect.stringContaining('gained less than'), confidence: 0.7 },
      journal: { calls: 1, replayed: 0 },
    });
    await fixture.dispatch(commandId, 1, { arguments: question });
    const again = TaskSucceeded.parse((await fixture.resultOf(commandId, 1)).data);
    expect(again).toMatchObject({ output: first.output, journal: { calls: 1, replayed: 1 } });
  });

  it.skipIf(!isAvailable)('asks the model it is set up with, and hands on a move that is not on the list', async () => {
    const advice = { move: 'go:Mars', rationale: 'It is far away.', confidence: 0.2, concerns: ['no air'] };
    const server = await startMessagesServer(message({ texts: [JSON.stringify(advice)] }));
    onTestFinished(() => server.close());
    const fixture = await open({
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.url,
      BATON_MODEL: 'claude-haiku-5-5',
    });
    const { data } = await fixture.resultOf(await fixture.send({ arguments: question }));
    expect(TaskSucceeded.parse(data)).toMatchObject({ output: advice });
    expect(server.received[0]?.body).toMatchObject({ model: 'claude-haiku-5-5' });
  });

  it.skipIf(!isAvailable)('reports arguments that do not fit as a failed task', async () => {
    const fixture = await open();
    const sent = await fixture.send({ arguments: { ...question, legalMoves: [] } });
    const { name, data } = await fixture.resultOf(sent);
    expect(name).toBe('failed');
    expect(TaskFailed.parse(data)).toMatchObject({ error: 'Baton.InvalidInput', retryable: false });
  });
});
