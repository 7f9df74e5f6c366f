import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../events/run-event.js';
import type { CutChanges } from '../state/run-state.js';
import { branches, documentOf, RUN_ID, readBack, type Scenario, scenario, task } from '../testing/scenario.js';
import { changedCut } from './changed-cut.js';
import { cutAt } from './run-cut.js';

const FORK_ID = '0123abcd-0000-4000-8000-00000000f0f0';
const chain = documentOf({
  A: task({ Arguments: '{% $states.input %}', Assign: { count: '{% $states.result %}', word: 'x' }, Next: 'B' }),
  B: task({
    Arguments: { given: '{% $states.input %}', count: '{% $count %}', first: '{% $states.context.Execution.Input %}' },
    Next: 'C',
  }),
  C: task({ Arguments: '{% $count %}' }),
});

const changedAt = (log: readonly RunEvent[], changes: CutChanges) => {
  const cut = cutAt(readBack(log));
  if (cut === null) throw new Error('there is nothing to fork');
  return changedCut(cut, changes);
};

async function forked(log: readonly RunEvent[], changed: CutChanges, document = chain): Promise<Scenario> {
  const outcome = changedAt(log, changed);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { cut } = outcome;
  const fork = scenario(document);
  const from = { runId: RUN_ID, version: cut.version };
  await fork.when({ type: 'ForkRun', requestId: 'fork', runId: FORK_ID, from, cut, changed, labels: {} });
  return fork;
}

async function afterA(): Promise<readonly RunEvent[]> {
  const run = scenario(chain);
  await run.start({ n: 1 });
  await run.succeed('A', 7);
  return run.log();
}

describe('a fork that has something otherwise', () => {
  test('goes on with the variables that were set, and says so in its log', async () => {
    const fork = await forked(await afterA(), { set: { count: 8 } });
    expect(fork.commandOf('B').message).toMatchObject({ attempt: 1, arguments: { count: 8, given: 7 } });
    await fork.succeed('B');
    expect(fork.commandOf('C').message.arguments).toBe(8);
    expect(readBack(fork.log())[0]).toMatchObject({ type: 'RunForked', data: { changed: { set: { count: 8 } } } });
  });

  test('gives another input to the state that goes on, and leaves that of the run', async () => {
    const fork = await forked(await afterA(), { input: { other: true } });
    expect(fork.commandOf('B').message).toMatchObject({
      attempt: 1,
      arguments: { given: { other: true }, first: { n: 1 } },
    });
  });

  test('in front of all states has another input of the run', async () => {
    const run = scenario(chain);
    await run.start({ n: 1 });
    const outcome = changedAt(run.log(), { input: { n: 2 } });
    expect(outcome).toMatchObject({ ok: true, runInput: { n: 2 } });
    for (let length = 1; length <= run.log().length; length += 1) {
      const fork = await forked(run.log().slice(0, length), { input: { n: 2 } });
      expect(fork.commandOf('A').message).toMatchObject({ attempt: 1, arguments: { n: 2 } });
      await fork.succeed('A', 1);
      expect(fork.commandOf('B').message).toMatchObject({ arguments: { first: { n: 2 } } });
    }
  });

  test('sets a variable in the branches that see it', async () => {
    const inner = { StartAt: 'In', States: { In: task({ Arguments: '{% $count %}' }) } };
    const document = documentOf({
      A: task({ Assign: { count: '{% $states.result %}' }, Next: 'P' }),
      P: { Type: 'Parallel', Branches: [inner], End: true },
    });
    const run = scenario(document);
    await run.start();
    await run.succeed('A', 1);
    const fork = await forked(run.log(), { set: { count: 2 } }, document);
    expect(fork.commandOf('In').message.arguments).toBe(2);
  });
});

describe('what cannot be otherwise is refused', () => {
  test('a variable that the run does not have there, with the one that was probably meant', async () => {
    const log = await afterA();
    expect(changedAt(log, { set: { cuont: 1 } })).toMatchObject({
      ok: false,
      code: 'unknown-variable',
      reason: expect.stringContaining('Did you mean "count"?'),
      pointer: '/set/cuont',
    });
    expect(changedAt(log.slice(0, 2), { set: { count: 1 } })).toMatchObject({
      ok: false,
      next: expect.stringContaining('It has none'),
    });
  });

  test('the input where several branches are under way', async () => {
    const run = scenario(documentOf({ P: { ...branches('One', 'Two'), End: true } }));
    await run.start();
    expect(changedAt(run.log(), { input: 1 })).toMatchObject({ ok: false, code: 'no-input-here' });
    const ended = scenario(documentOf({ A: task() }));
    await ended.start();
    await ended.succeed('A');
    expect(changedAt(ended.log(), { input: 1 })).toMatchObject({ ok: false, code: 'no-input-here' });
  });
});
