import { parseWorkflowDocument } from '@baton/workflow';
import { type Scenario, scenario } from '@baton/workflow/testing/runs';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { pipeline } from './pipeline.js';
import type { PipelineStep } from './pipeline-step.js';
import { problemOfVariable, variableFor } from './variable-names.js';

const isLong = inject('effort') === 'long';

/** What a step is about, before it has a place in a chain: ways on are numbers that `chain` makes targets of. */
const piece = fc.record(
  {
    worker: fc.constantFrom('prompt', 'planner', 'own-kind'),
    title: fc.string({ minLength: 1 }),
    arguments: fc.constantFrom(
      {},
      { all: '{% $input %}' },
      { list: [1, { deep: '{% $states.context.Execution.Id %}' }] },
    ),
    output: fc.constant({ type: 'object' }),
    keep: fc.constantFrom('{% $states.result %}', { kept: '{% $string($states.result) %}' }),
    timeoutSeconds: fc.constantFrom(10, '{% 5 + 5 %}' as const),
    maxRetries: fc.nat(2),
    passes: fc.constantFrom('{% $random() < 0.5 %}' as const, '{% $input.ok = true %}' as const),
    failTo: fc.nat(),
    saysNext: fc.boolean(),
    maxReturns: fc.nat(3),
  },
  { requiredKeys: ['worker'] },
);

type Piece = typeof piece extends fc.Arbitrary<infer T> ? T : never;

const names = fc
  .uniqueArray(fc.stringMatching(/^[A-Z][a-z]{2,6}$/), { minLength: 1, maxLength: 7 })
  .filter((all) => !all.includes('Begin') && !all.includes('Done'))
  .filter((all) => all.every((name) => problemOfVariable(variableFor(name)) === null));
const chain = names.chain((all) =>
  fc
    .tuple(...all.map(() => piece))
    .map((pieces) => pieces.map((given, index) => ({ ...placed(given, all, index), name: all[index] ?? '' }))),
);

/** With its ways on as names. Success leads one step on at most, so that each step is led to. */
function placed(given: Piece, all: readonly string[], index: number) {
  const { failTo, saysNext, maxReturns, ...step } = given;
  const target = failTo === undefined ? undefined : (all[failTo % all.length] ?? 'fail');
  const leadsBack = target !== undefined && all.indexOf(target) <= index;
  return {
    ...step,
    ...(target === undefined ? {} : { onFailure: target }),
    ...(leadsBack && maxReturns !== undefined ? { maxReturns } : {}),
    ...(saysNext === true ? { onSuccess: all[index + 1] ?? 'succeed' } : {}),
  } satisfies Omit<PipelineStep, 'name'>;
}

/** Answers whatever is open until the run has ended. */
async function playOut(run: Scenario, fates: readonly boolean[]): Promise<void> {
  for (let turn = 0; run.open().length > 0; turn += 1) {
    if (turn > 5_000) throw new Error('the run does not end');
    const [row] = run.open();
    if (row === undefined) return;
    const { commandId } = row;
    if (row.queue === null) {
      if (row.deadline !== null) run.passUntil(row.deadline);
      await run.when({ type: 'ExpireCommand', commandId });
    } else if (fates[turn % fates.length] === true) {
      await run.when({ type: 'CompleteTask', commandId, output: { turn } });
    } else {
      await run.when({ type: 'FailTask', commandId, error: 'Rain', cause: 'clouds', retryable: true });
    }
  }
}

test('any chain of valid steps is a document without findings', () => {
  fc.assert(
    fc.property(chain, (steps) => {
      const document = pipeline({ name: 'any', version: '1.0.0', title: 'Any' }, steps);
      expect(parseWorkflowDocument(JSON.parse(JSON.stringify(document)))).toEqual({ ok: true, document, findings: [] });
      expect(Object.keys(document.steps ?? {})).toEqual(steps.map(({ name }) => name));
    }),
    { numRuns: isLong ? 300 : 100 },
  );
});

test('any chain of valid steps comes to its end, whatever its workers do', async () => {
  const fates = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(chain, fates, async (steps, outcomes) => {
      const run = scenario(pipeline({ name: 'any', version: '1.0.0', title: 'Any' }, steps), false);
      await run.start({ ok: true });
      await playOut(run, outcomes);
      expect(['succeeded', 'failed']).toContain(run.state().status);
      const state = run.state();
      // The one thing it may fail of is the worker, or a result that did not pass: never its own expressions.
      if (state.status === 'failed') expect(['Rain', 'Baton.NotPassed']).toContain(state.error);
      run.checkLog();
    }),
    { numRuns: isLong ? 40 : 15 },
  );
});
