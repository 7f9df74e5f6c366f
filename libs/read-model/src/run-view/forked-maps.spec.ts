import type { Json, JsonObject } from '@baton/contracts';
import { cutAt, parseWorkflowDocument, type RunEvent, toSnapshot } from '@baton/workflow';
import { type Scenario, scenario } from '@baton/workflow/testing/runs';
import { expect, test } from 'vitest';
import { evolveRunView } from './evolve-run-view.js';
import type { RunFold } from './run-fold.js';
import { viewOf } from './view-of.js';

const RUN = '11111111-1111-4111-8111-111111111111';
const FORK = '22222222-2222-4222-8222-222222222222';

function documentOf(over: JsonObject) {
  const work = { Type: 'Task', Resource: 'baton:worker:planner', End: true };
  const Each = {
    ...{ Type: 'Map', End: true, ToleratedFailureCount: 3 },
    ItemProcessor: { StartAt: 'Work', States: { Work: work } },
    ...over,
  };
  const definition = { QueryLanguage: 'JSONata', StartAt: 'Each', States: { Each } };
  const parsed = parseWorkflowDocument({ name: 'each', version: '1.0.0', title: 'each', definition });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

const fold = (events: readonly RunEvent[], runId: string): RunFold => {
  let folded: RunFold | null = null;
  for (const [index, event] of events.entries()) {
    const at = { position: index + 1, version: index + 1, recordedAt: '2026-01-01T00:00:00.000Z' };
    folded = evolveRunView(folded, event, { runId, ...at });
  }
  if (folded === null) throw new Error('no events');
  return folded;
};

/** Of the Maps that are open: a fork knows of no others. */
const countsOf = (folded: RunFold) =>
  viewOf(folded)
    .maps.filter(({ endedAt }) => endedAt === null)
    .map(({ total, running, succeeded, failed }) => ({ total, running, succeeded, failed }));

/** After each event the view of a fork counts what the view of the run itself does. */
function expectForksToCount(run: Scenario): void {
  const log = run.log();
  let compared = 0;
  for (let version = 1; version < log.length; version += 1) {
    const cut = cutAt(log.slice(0, version));
    if (cut === null || cut.version !== version) continue;
    const fork: RunEvent = {
      type: 'RunForked',
      data: { requestId: 'fork', from: { runId: RUN, version }, carry: toSnapshot(cut.state) },
    };
    const counted = countsOf(fold(log.slice(0, version), RUN));
    expect(countsOf(fold([fork], FORK)), `a fork after event ${version}`).toEqual(counted);
    compared += counted.length;
  }
  expect(compared).toBeGreaterThan(5);
}

const reader: JsonObject = { Resource: 'baton:blob', ReaderConfig: { InputType: 'JSONL' }, Arguments: { Sha256: 'x' } };

async function reading(over: JsonObject, pages: readonly (readonly Json[])[]): Promise<Scenario> {
  const run = scenario(documentOf({ ItemReader: reader, ...over }));
  await run.start();
  const count = pages.reduce((sum, page) => sum + page.length, 0);
  await run.succeed('Each', { sha256: 'c'.repeat(64), count, pages: pages.length });
  const left = [...pages];
  for (let answers = 0; run.state().status === 'running'; answers += 1) {
    const isAsked = run.open().some(({ queue }) => queue === 'worker-map-items');
    if (isAsked) await run.succeed('Each', [...(left.shift() ?? [])]);
    else if (answers === 2) await run.fail('Work', 'Broken', 'because', false);
    else await run.succeed('Work', answers);
  }
  return run;
}

test('a fork of a Map over batches of items that were read counts them as the run does, at each event', async () => {
  const batched = { ItemBatcher: { MaxItemsPerBatch: 2 }, MaxConcurrency: 2 };
  expectForksToCount(await reading(batched, [[1, 2, 3, 4, 5], [6, 7, 8, 9], [10]]));
});

test('a fork of a Map over items that were read one by one counts them, too', async () => {
  expectForksToCount(await reading({ MaxConcurrency: 3 }, [[1, 2, 3], [4]]));
});

test('a fork of a Map over batches of what is in the data of the state counts the batches', async () => {
  const run = scenario(documentOf({ Items: [1, 2, 3, 4, 5, 6, 7], ItemBatcher: { MaxItemsPerBatch: 2 } }));
  await run.start();
  await run.succeed('Work', 1);
  await run.fail('Work', 'Broken', 'because', false);
  expectForksToCount(run);
});
