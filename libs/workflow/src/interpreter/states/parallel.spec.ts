import { describe, expect, test } from 'vitest';
import { branches, documentOf, START_MS, scenario, task, typesOf } from '../../testing/scenario.js';

const both = documentOf({ Both: { ...branches('L', 'R'), Next: 'After' }, After: { Type: 'Succeed' } });

describe('a Parallel', () => {
  test('starts its branches side by side and gives their results in their order', async () => {
    const run = scenario(both);
    await run.start({ x: 1 });
    expect(run.open().map(({ message }) => message.arguments)).toEqual([{ x: 1 }, { x: 1 }]);
    expect(typesOf(await run.succeed('R', 'right'))).toEqual(['TaskSucceeded', 'StateExited', 'FrameEnded']);
    await run.succeed('L', 'left');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['left', 'right'] });
  });

  test('gives its branches Arguments, and its Output sees the results', async () => {
    const run = scenario(
      documentOf({
        Both: {
          ...branches('L', 'R'),
          Arguments: { y: '{% $states.input.x + 1 %}' },
          Output: '{% $states.result[1] & $states.input.x %}',
          Assign: { count: '{% $count($states.result) %}' },
          End: true,
        },
      }),
    );
    await run.start({ x: 1 });
    expect(run.commandOf('L').message.arguments).toEqual({ y: 2 });
    await run.succeed('L', 'a');
    await run.succeed('R', 'b');
    expect(run.state()).toMatchObject({ output: 'b1' });
    expect(run.eventsOf('StateExited').at(-1)?.data.assign).toEqual({ count: 2 });
  });

  test('lets branches read variables around them, and keeps theirs to themselves', async () => {
    const inner = (value: number) => ({
      StartAt: `S${value}`,
      States: {
        [`S${value}`]: { Type: 'Pass', Assign: { mine: value }, Next: `T${value}` },
        [`T${value}`]: { Type: 'Pass', Output: '{% [$outer, $mine] %}', End: true },
      },
    });
    const run = scenario(
      documentOf({
        Set: { Type: 'Pass', Assign: { outer: 'o' }, Next: 'Both' },
        Both: { Type: 'Parallel', Branches: [inner(1), inner(2)], Next: 'Look' },
        Look: { Type: 'Pass', Output: { results: '{% $states.input %}', leaked: '{% $exists($mine) %}' }, End: true },
      }),
    );
    await run.start();
    expect(run.state()).toMatchObject({
      output: {
        results: [
          ['o', 1],
          ['o', 2],
        ],
        leaked: false,
      },
    });
  });

  test('nests', async () => {
    const inside = { StartAt: 'In', States: { In: { ...branches('A', 'B'), End: true } } };
    const other = { StartAt: 'C', States: { C: task() } };
    const run = scenario(documentOf({ Out: { Type: 'Parallel', Branches: [inside, other], End: true } }));
    await run.start();
    expect(run.eventsOf('FrameStarted').map(({ data: { machine } }) => machine)).toEqual([
      '',
      '/States/Out/Branches/0',
      '/States/Out/Branches/1',
      '/States/Out/Branches/0/States/In/Branches/0',
      '/States/Out/Branches/0/States/In/Branches/1',
    ]);
    await run.succeed('A', 'a');
    await run.succeed('C', 'c');
    await run.succeed('B', 'b');
    expect(run.state()).toMatchObject({ output: [['a', 'b'], 'c'] });
  });
});

describe('a branch that fails', () => {
  test('takes its siblings with it: their commands are cancelled, and late results change nothing', async () => {
    const run = scenario(both);
    await run.start();
    const { commandId } = run.commandOf('R');
    const events = await run.fail('L', 'Broken', 'the cause');
    expect(typesOf(events)).toEqual([
      'TaskFailed',
      'DecisionMade',
      'StateFailed',
      'FrameAborted',
      'CommandCancelled',
      'FrameAborted',
      'StateFailed',
      'FrameAborted',
      'RunFailed',
    ]);
    expect(await run.when({ type: 'CompleteTask', commandId, output: 1 })).toEqual([]);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Broken', cause: 'the cause' });
  });

  test('is caught by the Parallel, with its own error', async () => {
    const run = scenario(
      documentOf({
        Both: { ...branches('L', 'R'), Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }], End: true },
        Caught: { Type: 'Pass', End: true },
      }),
    );
    await run.start();
    await run.fail('R', 'Broken', 'c');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'Broken', Cause: 'c' } });
    expect(run.open()).toEqual([]);
  });

  test('makes the Parallel begin anew after its wait, with all branches', async () => {
    const Retry = [{ ErrorEquals: ['Broken'], IntervalSeconds: 3, MaxAttempts: 1 }];
    const run = scenario(documentOf({ Both: { ...branches('L', 'R'), Retry, End: true } }));
    await run.start({ x: 1 });
    await run.succeed('L', 'old');
    expect(typesOf(await run.fail('R', 'Broken')).slice(-2)).toEqual(['StateRetried', 'TimerScheduled']);
    expect(run.open()).toMatchObject([{ queue: null, deadline: new Date(START_MS + 3_000).toISOString() }]);
    await run.expire('Both');
    expect(run.open().map(({ message }) => [message.state, message.arguments])).toEqual([
      ['L', { x: 1 }],
      ['R', { x: 1 }],
    ]);
    await run.succeed('L', 'new');
    await run.succeed('R', 'right');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['new', 'right'] });
  });

  test('takes nested branches with it, the innermost first', async () => {
    const inside = { StartAt: 'In', States: { In: { ...branches('A', 'B'), End: true } } };
    const other = { StartAt: 'C', States: { C: task() } };
    const run = scenario(documentOf({ Out: { Type: 'Parallel', Branches: [inside, other], End: true } }));
    await run.start();
    await run.fail('C', 'Broken');
    expect(run.eventsOf('FrameAborted').map(({ data: { frame } }) => frame)).toEqual([2, 3, 4, 1, 0]);
    expect(run.open()).toEqual([]);
  });

  test('stops branches that were about to begin', async () => {
    const failing = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Early' } } };
    const later = { StartAt: 'T', States: { T: task() } };
    const run = scenario(documentOf({ Both: { Type: 'Parallel', Branches: [failing, later], End: true } }));
    await run.start();
    expect(run.eventsOf('TaskScheduled')).toEqual([]);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Early' });
  });
});

describe('cancelling a run', () => {
  test('gives up everything that is open', async () => {
    const run = scenario(both);
    await run.start();
    await run.succeed('L');
    expect(typesOf(await run.cancel('no longer needed'))).toEqual([
      'CommandCancelled',
      'FrameAborted',
      'FrameAborted',
      'RunCancelled',
    ]);
    expect(run.state()).toMatchObject({ status: 'cancelled', cause: 'no longer needed' });
    expect(await run.cancel('again')).toEqual([]);
  });

  test('gives up a timer too', async () => {
    const run = scenario(documentOf({ W: { Type: 'Wait', Seconds: 100, End: true } }));
    await run.start();
    await run.cancel();
    expect(run.open()).toEqual([]);
  });
});
