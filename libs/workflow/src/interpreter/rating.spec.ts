import { expect, test } from 'vitest';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';
import { cutAt } from '../cuts/run-cut.js';
import { begin } from '../testing/begin.js';

const rate = (requestId: string, score: number, about: object = {}) =>
  ({ type: 'RateRun', requestId, score, note: 'Said so.', ...about }) as const;
const document = (States: object) =>
  JSON.stringify({
    ...{ name: 'rated', version: '1.0.0', title: 'Rated' },
    definition: { QueryLanguage: 'JSONata', StartAt: 'A', States },
  });
const TASK = { Type: 'Task', Resource: 'baton:worker:any', End: true };
const ADA = { type: 'user', id: 'ada' } as const;

test('a run is rated while it runs, paused, and after its end, and nothing of it changes by that', async () => {
  expect(parseWorkflowDocument(JSON.parse(document({ A: TASK })))).toMatchObject({ ok: true });
  const run = await begin(document({ A: TASK }), {});
  await run.when(rate('one', 2, { state: 'A' }), ADA);
  await run.pause();
  await run.when(rate('two', 3), ADA);
  await run.resume();
  await run.succeed('A', 'done');
  const before = run.state();
  const events = await run.when(rate('three', 5, { decisionId: 'd' }), ADA);
  expect(events).toMatchObject([
    { type: 'RunRated', data: { requestId: 'three', score: 5, note: 'Said so.', decisionId: 'd', by: ADA } },
  ]);
  expect(run.state()).toEqual({ ...before, eventCount: Number('eventCount' in before ? before.eventCount : 0) + 1 });
  expect(run.eventsOf('RunRated').map(({ data }) => data.score)).toEqual([2, 3, 5]);
});

test('a run that failed and was rated is still cut where it failed', async () => {
  const run = await begin(document({ A: TASK }), {});
  await run.fail('A', 'Worker.Broken', 'no', false);
  const failed = cutAt(run.log());
  await run.when(rate('after', 1), ADA);
  expect(cutAt(run.log())).toEqual(failed);
});
