import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import type { Usage } from '@baton/contracts';
import { parseWorkflowDocument, readEvent, rebuild, type StartedRun, type WorkflowDocument } from '@baton/workflow';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';
import type { Hub } from './hub.js';
import type { HubMessage } from './message.js';

let fixture: HubFixture;
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
});
afterAll(() => fixture?.close({ isReplayed: true }));

const used = (costUsd: number): Usage => ({ inputTokens: 100, outputTokens: 10, costUsd });

function workflow(name: string, definition: object): WorkflowDocument {
  const parsed = parseWorkflowDocument({ name, version: '1.0.0', title: name, definition, budget: { usd: 4 } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

function begin(document: WorkflowDocument): HubMessage {
  const runId = randomUUID();
  const submission = { requestId: runId, runId, workflow: document.name, input: {} };
  return {
    runId,
    order: { type: 'StartRun', submission, document, sha256: 'a'.repeat(64) },
    actor: { type: 'user', id: 'tester' },
    causationId: runId,
    requestId: runId,
  };
}

const answer = (hub: Hub, commandId: string, usage: Usage) =>
  hub.handle({
    runId: commandId.slice(0, 36),
    order: { type: 'CompleteTask', commandId, output: {}, usage },
    actor: { type: 'agent', id: 'test' },
    causationId: `answer ${commandId}`,
  });

async function runOf(runId: string): Promise<StartedRun> {
  const events = await fixture.events(runId);
  const state = rebuild(events.map(readEvent));
  if (state.status === 'new') throw new Error(`there is no run ${runId}`);
  return state;
}

test('a reservation survives the hub that made it, and is settled once however often the result comes', async () => {
  const dying = await fixture.startHub();
  const task = { Type: 'Task', Resource: `baton:worker:${fixture.kind}` };
  const start = begin(
    workflow('two', {
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: { A: { ...task, Next: 'B' }, B: { ...task, End: true } },
    }),
  );
  await dying.handle(start);
  const [first, second] = [`${start.runId}-1`, `${start.runId}-2`];
  // Reserved, and not settled: whoever looks now counts it as spent.
  expect((await runOf(start.runId)).commands.get(first)?.budget).toEqual({ usd: 4 });
  const other = await fixture.startHub();
  await Promise.all([
    answer(other, first, used(0.5)),
    answer(dying, first, used(0.5)),
    answer(other, first, used(0.5)),
  ]);
  const run = await runOf(start.runId);
  expect(run.spent).toEqual({ microUsd: 500_000, tokens: 110, hasUnknownPrice: false });
  expect([...run.commands.values()].map(({ commandId, budget }) => [commandId, budget])).toEqual([
    [second, { usd: 3.5 }],
  ]);
  await answer(dying, second, used(0.25));
  expect(await runOf(start.runId)).toMatchObject({ status: 'succeeded', spent: { microUsd: 750_000, tokens: 220 } });
});

test('a child run draws on what its parent reserved for it, and its parent pays', async () => {
  const task = { Type: 'Task', Resource: `baton:worker:${fixture.kind}`, End: true };
  const child = workflow('child', { QueryLanguage: 'JSONata', StartAt: 'A', States: { A: task } });
  const catalog = createCatalog([{ document: child, sha256: 'b'.repeat(64), file: 'child.yaml' }]);
  const hub = await fixture.startHub({ catalog });
  const start = begin({
    ...workflow('parent', {
      QueryLanguage: 'JSONata',
      StartAt: 'C',
      States: { C: { Type: 'Task', Resource: 'baton:workflow:child', End: true } },
    }),
    steps: { C: { number: 1, title: 'The child', budget: { usd: 1 } } },
  });
  await hub.handle(start);
  const childTask = await vi.waitFor(async () => {
    const { rows } = await fixture.pool.query<{ command_id: string }>(
      `select c.command_id from baton.command c join baton.stream s on s.run_id = c.run_id
        where s.parent_command = $1`,
      [`${start.runId}-1`],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the child has no task yet');
    return row.command_id;
  }, 5_000);
  // Its state may spend a dollar of the parent's four; nothing is beside the child's task, so it may spend all of that.
  const childRun = await runOf(childTask.slice(0, 36));
  expect(childRun.budget.usd).toBe(1);
  expect(childRun.commands.get(childTask)?.budget).toEqual({ usd: 1 });
  await answer(hub, childTask, used(0.2));
  await vi.waitFor(async () => {
    expect(await runOf(start.runId)).toMatchObject({ status: 'succeeded', spent: { microUsd: 200_000, tokens: 110 } });
  }, 5_000);
});
