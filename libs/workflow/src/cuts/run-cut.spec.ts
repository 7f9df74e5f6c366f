import type { Json } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import type { RunEvent } from '../events/run-event.js';
import { rebuild } from '../rebuild.js';
import { machineArbitrary } from '../testing/arbitrary-definition.js';
import { branches, documentOf, RUN_ID, readBack, type Scenario, scenario, task, typesOf } from '../testing/scenario.js';
import { cutAt } from './run-cut.js';

const isLong = inject('effort') === 'long';

const FORK_ID = '0123abcd-0000-4000-8000-00000000f0f0';

/** A run that has the state of another after its first events, on a log of its own. */
async function forked(log: readonly RunEvent[], document: Parameters<typeof scenario>[0]): Promise<Scenario> {
  const cut = cutAt(readBack(log));
  if (cut === null) throw new Error('there is nothing to fork');
  const fork = scenario(document);
  await fork.when({
    type: 'ForkRun',
    requestId: 'fork',
    runId: FORK_ID,
    from: { runId: RUN_ID, version: cut.version },
    cut,
    labels: {},
  });
  return fork;
}

const nameOf = (run: Scenario, commandId: string): string => {
  const state = run.state();
  return state.status === 'new' ? '' : (state.visits.get(state.commands.get(commandId)?.visit ?? -1)?.state ?? '');
};

/** Answers whatever the run asks for in a way that depends on nothing but what is asked, until it ends. */
async function finish(run: Scenario, most: number): Promise<void> {
  for (let turns = 0; turns < most; turns += 1) {
    // Who answers first must not depend on when who was asked: a fork asks anew.
    const [row] = run.open().toSorted((a, b) => nameOf(run, a.commandId).localeCompare(nameOf(run, b.commandId)));
    if (row === undefined) return;
    const { commandId } = row;
    if (row.queue === null) {
      run.passUntil(row.deadline ?? '');
      await run.when({ type: 'ExpireCommand', commandId });
      continue;
    }
    const { state, attempt, arguments: given } = row.message;
    // Every third name fails at first, and then succeeds.
    const isBad = attempt === 1 && String(state).length % 3 === 0;
    const failed = { error: 'Weather', cause: 'rain', retryable: true };
    await run.when(
      isBad
        ? { type: 'FailTask', commandId, ...failed }
        : { type: 'CompleteTask', commandId, output: { of: state ?? null, given: given ?? null } },
    );
  }
}

/** Without the functions that answer differently in another run. */
const steady = (definition: string): string =>
  definition.replaceAll(/\$(random|millis)\(\)/g, '0.5').replaceAll('$uuid()', '$string(1)');

const endOf = (run: Scenario): Json => {
  const state = run.state();
  if (state.status === 'new') return null;
  return { status: state.status, output: state.output, error: state.error };
};

test('a run that is interrupted after any event and taken up again comes to the same end', async () => {
  await fc.assert(
    fc.asyncProperty(machineArbitrary('S', 2), fc.nat(), async (machine, pick) => {
      const document = {
        ...documentOf({ X: { Type: 'Succeed' } }),
        definition: JSON.parse(steady(JSON.stringify({ QueryLanguage: 'JSONata', ...machine }))),
      };
      const whole = scenario(document, false);
      await whole.start({ from: 'property', a: [1, 2] });
      await finish(whole, 20);
      fc.pre(whole.open().length === 0);
      // How far a loop without waiting may go is counted within a turn.
      fc.pre(!whole.eventsOf('RunFailed').some(({ data }) => data.error === 'States.Runtime'));
      // Of two branches that would both fail, the one that is answered first does: a fork asks in another order.
      fc.pre(whole.eventsOf('CommandCancelled').length === 0);
      const events = whole.log().slice(0, 1 + (pick % whole.log().length));
      // What fails is begun anew, so it may end better than it did.
      fc.pre(cutAt(events)?.isTornDown === false);
      const fork = await forked(events, document);
      await finish(fork, 25);
      expect(endOf(fork)).toEqual(endOf(whole));
    }),
    { numRuns: isLong ? 60 : 15, interruptAfterTimeLimit: 20_000 },
  );
});

/** Fails with an error after some passes. */
const fails = (error: string, after: number) => {
  const names = Array.from({ length: after }, (_, n) => `${error}${n}`);
  const passes = names.map((name, n) => [name, { Type: 'Pass', Next: names[n + 1] ?? error }] as const);
  return {
    StartAt: names[0] ?? error,
    States: { ...Object.fromEntries(passes), [error]: { Type: 'Fail', Error: error } },
  };
};
const retried = task({ Arguments: '{% $missing %}', Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }] });

test.each([
  ['which of two branches fails first', [fails('Later', 3), fails('Sooner', 2)]],
  [
    'a failure that waits for its second try',
    [
      { StartAt: 'R', States: { R: retried } },
      { StartAt: 'A', States: { A: task() } },
    ],
  ],
])('wherever it is interrupted, it makes no difference to %s', async (_what, Branches) => {
  const document = documentOf({ P: { Type: 'Parallel', Branches, End: true } });
  const whole = scenario(document, false);
  await whole.start();
  const began = whole.log().length;
  await finish(whole, 20);
  for (let length = 1; length <= began; length += 1) {
    if (cutAt(whole.log().slice(0, length))?.isTornDown !== false) continue;
    const fork = await forked(whole.log().slice(0, length), document);
    await finish(fork, 20);
    expect(endOf(fork), `after ${length} events`).toEqual(endOf(whole));
  }
});

describe('a fork', () => {
  const chain = documentOf({
    A: task({ Assign: { a: '{% $states.result %}' }, Next: 'B' }),
    B: task({ Arguments: '{% $a %}', Next: 'C' }),
    C: task(),
  });

  test('has what was done before the cut, and asks anew for what was under way', async () => {
    const run = scenario(chain);
    await run.start();
    await run.succeed('A', 7);
    const fork = await forked(run.log(), chain);
    expect(typesOf(fork.log())).toEqual(['RunForked', 'TaskScheduled']);
    expect(fork.commandOf('B')).toMatchObject({ commandId: `${FORK_ID}-3`, message: { arguments: 7, attempt: 1 } });
    // The run it came from does not notice.
    await run.succeed('B');
    expect(run.commandOf('C').commandId).toBe(`${RUN_ID}-3`);
  });

  test('of a run that has succeeded succeeds with the same output', async () => {
    const run = scenario(chain);
    await run.start();
    for (const state of ['A', 'B', 'C']) await run.succeed(state, state);
    const fork = await forked(run.log(), chain);
    expect(fork.state()).toMatchObject({ status: 'succeeded', output: 'C', requestId: 'fork' });
  });

  test('in the middle of a failure is taken as it was before', async () => {
    const run = scenario(chain);
    await run.start();
    await run.fail('A', 'Weather');
    for (const length of [run.log().length, run.log().length - 1, run.log().length - 2]) {
      const fork = await forked(run.log().slice(0, length), chain);
      expect(fork.commandOf('A').message).toMatchObject({ state: 'A' });
    }
  });

  test('waits until the same instant', async () => {
    const document = documentOf({ W: { Type: 'Wait', Seconds: 3600, End: true } });
    const run = scenario(document);
    await run.start();
    const { deadline } = run.commandOf('W');
    expect((await forked(run.log(), document)).commandOf('W').deadline).toBe(deadline);
  });

  test('of no event, or of a run that cannot run, there is none', () => {
    expect(cutAt([])).toBeNull();
  });
});

describe('a retry', () => {
  test('begins the state that failed anew, and does nothing again that was done', async () => {
    const run = scenario(
      documentOf({ A: task({ Next: 'B' }), B: task({ Retry: [{ ErrorEquals: ['Weather'], MaxAttempts: 1 }] }) }),
    );
    await run.start();
    await run.succeed('A', 'kept');
    await run.fail('B', 'Weather');
    await run.fail('B', 'Weather');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Weather' });
    const events = await run.retry('the weather is better');
    expect(typesOf(events)).toEqual(['RunRetried', 'TaskScheduled']);
    expect(run.commandOf('B').message).toMatchObject({ arguments: 'kept', attempt: 3 });
    // Its retriers count from nothing.
    await run.fail('B', 'Weather');
    await run.succeed('B', 'done');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: 'done', error: null, retryCount: 1 });
  });

  test('begins what was given up beside it, and keeps the branches that had ended', async () => {
    const run = scenario(documentOf({ P: { ...branches('One', 'Two', 'Three'), End: true } }));
    await run.start();
    await run.succeed('One', 1);
    await run.fail('Two', 'Weather');
    await run.retry();
    expect(run.open().map(({ message }) => message.state)).toEqual(['Two', 'Three']);
    await run.succeed('Three', 3);
    await run.succeed('Two', 2);
    expect(run.state()).toMatchObject({ output: [1, 2, 3] });
  });

  test('of a run that has not failed has no effect', async () => {
    const run = scenario(documentOf({ A: task() }));
    await run.start();
    expect(await run.retry()).toEqual([]);
    await run.succeed('A');
    expect(await run.retry()).toEqual([]);
  });

  test('has all of the time that the definition allows', async () => {
    const document = documentOf({ A: task() });
    const run = scenario({ ...document, definition: { ...document.definition, TimeoutSeconds: 60 } });
    await run.start();
    await run.expire('A');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Timeout' });
    run.pass(3_600_000);
    await run.retry();
    run.pass(50_000);
    await run.succeed('A', 'in time');
    expect(run.state()).toMatchObject({ status: 'succeeded' });
  });

  test('is found in the log alone, from the event of the retry on as well', async () => {
    const run = scenario(documentOf({ A: task() }));
    await run.start();
    await run.fail('A', 'Weather');
    await run.retry();
    const log = readBack(run.log());
    const at = log.findIndex(({ type }) => type === 'RunRetried');
    expect(rebuild(log.slice(at))).toEqual(rebuild(log));
  });
});
