import { expect, test } from 'vitest';
import { cutAt } from '../cuts/run-cut.js';
import { documentOf, RUN_ID, scenario, task } from '../testing/scenario.js';

/* What a run was submitted with for its agents is in its log, and goes out with every task: to workers, advisor and children. */

const agents = { model: 'some-model', templates: { mood: 'kind' }, mcpServers: ['docs:search'] };
const child = { Type: 'Task', Resource: 'baton:workflow:other@1.0.0', Next: 'Last' };
const document = documentOf(
  { Work: task({ Next: 'Child' }), Child: child, Last: task() },
  { decisions: { mode: 'llm' } },
);
const submission = { requestId: 'request-1', workflow: document.name, input: {}, runId: RUN_ID };
const begin = { type: 'StartRun', document, sha256: 'ab'.repeat(32) } as const;

async function begun() {
  const run = scenario(document);
  await run.when({ ...begin, submission: { ...submission, agents } });
  return run;
}

test('it goes to every worker, to the advisor and to a child run', async () => {
  const run = await begun();
  expect(run.eventsOf('RunStarted')[0]?.data.agents).toEqual(agents);
  expect(run.commandOf('Work').message.agents).toEqual(agents);
  await run.fail('Work', 'Weather', 'rain', false);
  expect(run.advisor().message.agents).toEqual(agents);
  const advice = { move: 'retry:same', rationale: 'so', confidence: 1, concerns: [] };
  await run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output: advice });
  await run.succeed('Work');
  expect(run.commandOf('Child').message.agents).toEqual(agents);
});

test('a fork goes on with it', async () => {
  const run = await begun();
  await run.succeed('Work');
  const log = run.log();
  const cut = cutAt(log);
  if (cut === null) throw new Error('there is nothing to fork');
  const fork = scenario(document);
  const from = { runId: RUN_ID, version: log.length };
  const runId = '0123abcd-0000-4000-8000-00000000f0f0';
  await fork.when({ type: 'ForkRun', requestId: 'fork', runId, from, cut, labels: {} });
  expect(fork.commandOf('Child').message.agents).toEqual(agents);
});

test('where nothing is said of them, nothing is sent', async () => {
  const run = scenario(document);
  await run.when({ ...begin, submission });
  expect(run.eventsOf('RunStarted')[0]?.data).not.toHaveProperty('agents');
  expect(run.commandOf('Work').message).not.toHaveProperty('agents');
});
