import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import type { RunOrder } from './orders.js';
import { machineArbitrary, pathMachineArbitrary } from './testing/arbitrary-definition.js';
import { documentOf, type Scenario, scenario } from './testing/scenario.js';

const isLong = inject('effort') === 'long';

/** What happens to the run next: `pick` says to which of the open commands. */
const step = fc.record({
  pick: fc.nat(),
  does: fc.oneof(
    { weight: 6, arbitrary: fc.constant('succeed' as const) },
    { weight: 3, arbitrary: fc.constantFrom('fail' as const, 'fail for good' as const) },
    { weight: 2, arbitrary: fc.constant('let the time pass' as const) },
    { weight: 2, arbitrary: fc.constantFrom('repeat' as const, 'expire early' as const, 'invent' as const) },
  ),
  error: fc.constantFrom('Weather', 'Other', 'States.Timeout', 'States.Runtime', 'States.DataLimitExceeded'),
  output: fc.jsonValue({ maxDepth: 2 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const scene = fc.record({
  machine: fc.oneof(
    { weight: 3, arbitrary: machineArbitrary('S', 2).map((machine) => ({ QueryLanguage: 'JSONata', ...machine })) },
    { weight: 1, arbitrary: pathMachineArbitrary('S') },
  ),
  steps: fc.array(step, { minLength: 5, maxLength: 40 }),
  cancelAfter: fc.option(fc.nat(30), { freq: 4 }),
});

/** A run that goes on has something to wait for, in each of its frames. */
function checkNothingHangs(run: Scenario): void {
  const state = run.state();
  if (state.status === 'new') throw new Error('the run did not begin');
  if (state.status !== 'running') {
    expect([state.frames.size, state.visits.size, state.commands.size]).toEqual([0, 0, 0]);
    return;
  }
  for (const frame of state.frames.values()) {
    const visit = state.visits.get(frame.visit ?? -1);
    const open = [...(visit?.branches.values() ?? [])].filter((branch) => state.frames.has(branch));
    expect(visit?.command !== null || open.length > 0, `frame ${frame.frame} waits for something`).toBe(true);
  }
}

async function play(run: Scenario, { pick, does, error, output }: Step, used: string[]): Promise<void> {
  const open = run.open();
  const row = open[pick % Math.max(1, open.length)];
  const repeated = used[pick % Math.max(1, used.length)];
  if (row === undefined || does === 'repeat' || does === 'invent') {
    const commandId =
      does === 'invent' || repeated === undefined ? '0123abcd-0000-4000-8000-00000000beef-999' : repeated;
    expect(await run.when({ type: 'CompleteTask', commandId, output: 'late' })).toEqual([]);
    return;
  }
  const { commandId } = row;
  if (does === 'expire early' || does === 'let the time pass' || row.queue === null) {
    if (does !== 'expire early' && row.deadline !== null) run.passUntil(row.deadline);
    await run.when({ type: 'ExpireCommand', commandId });
  } else {
    const result: RunOrder =
      does === 'succeed'
        ? { type: 'CompleteTask', commandId, output: JSON.parse(JSON.stringify(output)) }
        : { type: 'FailTask', commandId, error, cause: 'c', retryable: does === 'fail' };
    await run.when(result);
  }
  if (!run.open().some((other) => other.commandId === commandId)) used.push(commandId);
}

test('whatever the definition and the workers do, a run waits for a command it names or has ended', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ machine, steps, cancelAfter }) => {
      const document = {
        ...documentOf({ X: { Type: 'Succeed' } }),
        definition: machine,
      };
      const run = scenario(JSON.parse(JSON.stringify(document)), false);
      await run.start({ from: 'property', a: [1, 2] });
      expect(run.eventsOf('FrameStarted').length, 'the definition can run').toBeGreaterThan(0);
      checkNothingHangs(run);
      const used: string[] = [];
      for (const [index, next] of steps.entries()) {
        if (index === cancelAfter) await run.cancel();
        await play(run, next, used);
        checkNothingHangs(run);
      }
      run.checkLog();
    }),
    { numRuns: isLong ? 150 : 40 },
  );
});
