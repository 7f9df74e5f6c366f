import type { RunEvent } from '@baton/workflow';
import { describe, expect, test } from 'vitest';
import { RunFold, type StepUse } from '../facts/run-facts.js';
import { documentOf, RUN_ID, runFacts, times } from '../testing/recorded.js';
import { ModelTally } from './cheaper-model.js';
import { noEffect } from './draft.js';

describe('a cheaper model', () => {
  const use = (model: string, microUsd: number): [string, StepUse] => [
    'Write',
    { agent: 'programmer', models: new Set([model]), microUsd, hasUnknownPrice: false, hasUnknownModel: false },
  ];
  const ran = (
    tally: ModelTally,
    n: number,
    succeeded: number,
    model: string,
    microUsd: number,
    isOfEvaluation = false,
  ) =>
    times(n, (index) =>
      tally.add(
        'w',
        runFacts({
          hasSucceeded: index < succeeded,
          isOfEvaluation,
          steps: new Map([use(model, microUsd + (index % 2) * 1_000)]),
        }),
      ),
    );

  test('with the same outcomes is recommended, and it is said that nobody drew lots', () => {
    const tally = new ModelTally();
    ran(tally, 40, 40, 'dear', 100_000);
    ran(tally, 40, 40, 'cheap', 10_000);
    const { drafts, looked } = tally.found();
    expect(looked).toMatchObject({ looked: 1, tooFew: 0 });
    const said = drafts[0]?.say(null, noEffect);
    // Wilson of 40/40 is 0.9124 to 1: the difference is 0 − 0.0876 at worst.
    expect(said).toMatchObject({
      evidence: { n: 80, observational: { runs: 80, notAtRandom: 80, ofEvaluations: 0 } },
      effect: { costUsd: { mean: expect.closeTo(0.09, 9), n: 80 } },
      confidence: expect.closeTo(0.9124, 4),
    });
    expect(said?.why).toContain('not by lot');
    const document = documentOf({ Write: { Type: 'Task', Resource: 'baton:worker:programmer', End: true } });
    expect(drafts[0]?.changeOf(document)).toEqual({ in: 'setting', name: 'BATON_MODEL_PROGRAMMER', value: 'cheap' });
  });

  test('that a prompt names by now is known to be there', () => {
    const tally = new ModelTally();
    const did = (model: string, microUsd: number): [string, StepUse] => {
      const [state, step] = use(model, microUsd);
      return [state, { ...step, agent: 'prompt' }];
    };
    times(40, (index) => {
      tally.add('w', runFacts({ steps: new Map([did('dear', 100_000 + (index % 2))]) }));
      tally.add('w', runFacts({ steps: new Map([did('cheap', 10_000 + (index % 2))]) }));
    });
    const isDone = (model: string) =>
      tally
        .found()
        .drafts[0]?.isDone?.(
          documentOf({ Write: { Type: 'Task', Resource: 'baton:worker:prompt', Arguments: { model }, End: true } }),
        );
    expect([isDone('dear'), isDone('cheap')]).toEqual([false, true]);
  });

  test('is compared within evaluations, where there are enough of them', () => {
    const tally = new ModelTally();
    ran(tally, 40, 40, 'dear', 100_000, true);
    ran(tally, 40, 40, 'cheap', 10_000, true);
    ran(tally, 30, 0, 'cheap', 10_000);
    expect(tally.found().drafts[0]?.say(null, noEffect)?.evidence).toMatchObject({
      n: 80,
      observational: { runs: 80, notAtRandom: 0, ofEvaluations: 80 },
    });
  });

  test.each<[string, (tally: ModelTally) => void, number]>([
    ['does worse', (tally) => ran(tally, 40, 30, 'cheap', 10_000), 0],
    ['has too few runs', (tally) => ran(tally, 19, 19, 'cheap', 10_000), 1],
    ['may do worse, for all that so few say', (tally) => ran(tally, 20, 20, 'cheap', 10_000), 0],
    ['costs the same', (tally) => ran(tally, 40, 40, 'cheap', 100_000), 0],
  ])('that %s is not', (_what, run, tooFew) => {
    const tally = new ModelTally();
    ran(tally, 40, 40, 'dear', 100_000);
    run(tally);
    expect(tally.found()).toMatchObject({ drafts: [], looked: { tooFew } });
  });

  test('is held to the runs that failed in the step, and what named no model is left out and said', () => {
    const failing = (tally: ModelTally, n: number, model?: string) =>
      times(n, () => {
        const run = new RunFold(RUN_ID);
        const visit = 1;
        const commandId = `${RUN_ID}-1`;
        const events: readonly RunEvent[] = [
          { type: 'StateEntered', data: { visit, frame: 0, state: 'Write' } },
          {
            type: 'TaskScheduled',
            data: {
              ...{ visit, commandId, resource: 'baton:worker:programmer', arguments: {}, attempt: 1 },
              ...{ notBefore: null, deadline: null, heartbeatSeconds: null },
            },
          },
          {
            type: 'TaskFailed',
            data: {
              ...{ visit, commandId, error: 'E', cause: '', retryable: false },
              ...(model === undefined ? {} : { model }),
            },
          },
          { type: 'RunFailed', data: { error: 'E', cause: '' } },
        ];
        for (const [index, event] of events.entries())
          run.next(event, { version: index + 1, recordedAt: '2026-11-28T00:00:00.000Z' });
        tally.add('w', run.finish());
      });
    const [lowered, unknown] = [new ModelTally(), new ModelTally()];
    for (const tally of [lowered, unknown]) {
      ran(tally, 40, 40, 'dear', 100_000);
      ran(tally, 40, 40, 'cheap', 10_000);
    }
    failing(lowered, 10, 'cheap');
    expect(lowered.found().drafts).toEqual([]);
    failing(unknown, 3);
    const { drafts, looked } = unknown.found();
    expect(drafts[0]?.say(null, noEffect)).toMatchObject({
      why: expect.stringContaining('3 more runs'),
      evidence: { n: 80, counts: { cheaper: 40, unknownModel: 3 } },
    });
    expect(looked.note).toContain('3 times');
  });

  test('is not looked for in runs that are under way, that used several, or whose price nobody knows', () => {
    const tally = new ModelTally();
    tally.add('w', runFacts({ hasSucceeded: null, steps: new Map([use('a', 1)]) }));
    const [name, one] = use('a', 1);
    tally.add('w', runFacts({ steps: new Map([[name, { ...one, models: new Set(['a', 'b']) }]]) }));
    tally.add('w', runFacts({ steps: new Map([[name, { ...one, hasUnknownPrice: true }]]) }));
    expect(tally.found().looked.looked).toBe(0);
  });
});
