import { describe, expect, test } from 'vitest';
import { branches, documentOf, HUB, RUN_ID, scenario, task, typesOf } from '../testing/scenario.js';

const approval = (over = {}) =>
  documentOf({ Ask: task({ Resource: 'baton:approval', Arguments: { title: 'Ship it?' }, ...over }) });

describe('an approval', () => {
  test('waits for a person, and gives what the person said', async () => {
    const run = scenario(approval());
    await run.start();
    expect(run.commandOf('Ask')).toMatchObject({ queue: null, name: 'approval', deadline: null });
    await run.answer('Ask', 'approve', 'looks good');
    expect(run.state()).toMatchObject({
      status: 'succeeded',
      output: { decision: 'approve', comment: 'looks good', by: 'user:tester' },
    });
  });

  test('that is rejected fails with Baton.Rejected, which can be caught and is never retried', async () => {
    const run = scenario(
      documentOf({
        Ask: task({
          Resource: 'baton:approval',
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['Baton.Rejected'], Next: 'Sorry' }],
        }),
        Sorry: { Type: 'Pass', End: true },
      }),
    );
    await run.start();
    await run.answer('Ask', 'reject', 'too early');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'Baton.Rejected', Cause: 'too early' } });
  });

  test('is bound to what the person saw', async () => {
    const run = scenario(approval());
    await run.start();
    expect(await run.answer('Ask', 'approve', '', 'ab'.repeat(32))).toEqual([]);
    const [scheduled] = run.eventsOf('TaskScheduled');
    expect(typesOf(await run.answer('Ask', 'approve', '', scheduled?.data.sha256))).toContain('RunSucceeded');
  });

  test('cannot be given by a worker, nor by the hub', async () => {
    const run = scenario(approval());
    await run.start();
    const { commandId } = run.commandOf('Ask');
    expect(await run.when({ type: 'CompleteTask', commandId, output: 1 }, { type: 'agent', id: 'x' })).toEqual([]);
    expect(await run.when({ type: 'CompleteTask', commandId, output: 1 }, HUB)).toEqual([]);
  });

  test('has a time limit like any task', async () => {
    const run = scenario(approval({ TimeoutSeconds: 60 }));
    await run.start();
    await run.expire('Ask');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Timeout' });
  });
});

describe('a signal', () => {
  const waiting = documentOf({ Go: task({ Resource: 'baton:signal:go', Next: 'Then' }), Then: task() });

  test('is the result of the state that waits for it', async () => {
    const run = scenario(waiting);
    await run.start();
    await run.signal('other', 1);
    expect(run.commandOf('Go')).toMatchObject({ queue: null, name: 'signal' });
    await run.signal('go', { by: 'truck' });
    expect(run.commandOf('Then').message.arguments).toEqual({ by: 'truck' });
  });

  test('that comes early is kept, and each is taken once, the oldest first', async () => {
    const run = scenario(
      documentOf({
        Work: task({ Next: 'One' }),
        One: task({ Resource: 'baton:signal:go', Assign: { one: '{% $states.result %}' }, Next: 'Two' }),
        Two: task({ Resource: 'baton:signal:go', Output: ['{% $one %}', '{% $states.result %}'] }),
      }),
    );
    await run.start();
    for (const data of ['first', 'second', 'third']) await run.signal('go', data);
    await run.succeed('Work');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['first', 'second'] });
  });

  test('goes to one of several branches that wait', async () => {
    const wait = (name: string) => ({ StartAt: name, States: { [name]: task({ Resource: 'baton:signal:go' }) } });
    const run = scenario(documentOf({ P: { Type: 'Parallel', Branches: [wait('A'), wait('B')], End: true } }));
    await run.start();
    await run.signal('go', 1);
    expect(run.open()).toHaveLength(1);
    await run.signal('go', 2);
    expect(run.state()).toMatchObject({ output: [1, 2] });
  });

  test('no run keeps more than a thousand of them', async () => {
    const run = scenario(documentOf({ A: task() }), false);
    await run.start();
    for (let sent = 0; sent < 1_000; sent += 1) await run.signal('never', sent);
    expect(await run.signal('never')).toEqual([]);
  });
});

describe('a child run', () => {
  const parent = documentOf({
    Child: task({
      Resource: 'baton:workflow:other@1.0.0',
      Arguments: { n: 1 },
      Retry: [{ ErrorEquals: ['Weather'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
    }),
    Caught: { Type: 'Pass', End: true },
  });

  test('is asked for with all that it needs to begin', async () => {
    const run = scenario(parent);
    await run.start();
    expect(run.commandOf('Child')).toMatchObject({
      queue: null,
      name: 'run',
      message: {
        workflow: 'other@1.0.0',
        arguments: { n: 1 },
        submittedBy: { type: 'user', id: 'tester' },
        parent: { runId: RUN_ID, commandId: `${RUN_ID}-1`, depth: 1 },
      },
    });
  });

  test('gives its output, by the word of the hub alone', async () => {
    const run = scenario(parent);
    await run.start();
    const { commandId } = run.commandOf('Child');
    expect(await run.when({ type: 'CompleteTask', commandId, output: 1 }, { type: 'agent', id: 'x' })).toEqual([]);
    await run.when({ type: 'CompleteTask', commandId, output: 5 }, HUB);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: 5 });
  });

  test('that fails is retried as a new one after its time, and then caught', async () => {
    const run = scenario(parent);
    await run.start();
    const failed = { type: 'FailTask' as const, error: 'Weather', cause: 'rain', retryable: true };
    await run.when({ ...failed, commandId: run.commandOf('Child').commandId }, HUB);
    expect(run.commandOf('Child')).toMatchObject({ name: 'timer' });
    await run.expire('Child');
    expect(run.commandOf('Child')).toMatchObject({ name: 'run', commandId: `${RUN_ID}-3` });
    await run.when({ ...failed, commandId: `${RUN_ID}-3` }, HUB);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'Weather', Cause: 'rain' } });
  });
});

describe('a paused run', () => {
  test('keeps what comes back, begins nothing, and goes on from there', async () => {
    const run = scenario(documentOf({ A: task({ Next: 'B' }), B: task() }));
    await run.start();
    await run.pause('maintenance');
    expect(typesOf(await run.succeed('A', 'kept'))).toEqual(['TaskSucceeded']);
    expect(run.open()).toEqual([]);
    expect(typesOf(await run.resume())).toEqual(['RunResumed', 'StateExited', 'StateEntered', 'TaskScheduled']);
    expect(run.commandOf('B').message.arguments).toBe('kept');
  });

  test('keeps failures, timers, signals and answers, too', async () => {
    const run = scenario(
      documentOf({
        P: {
          Type: 'Parallel',
          End: true,
          Branches: [
            {
              StartAt: 'Fails',
              States: { Fails: task({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1 }] }) },
            },
            { StartAt: 'Waits', States: { Waits: { Type: 'Wait', Seconds: 5, Next: 'After' }, After: task() } },
            { StartAt: 'Signal', States: { Signal: task({ Resource: 'baton:signal:go' }) } },
            { StartAt: 'Ask', States: { Ask: task({ Resource: 'baton:approval' }) } },
          ],
        },
      }),
    );
    await run.start();
    await run.pause();
    await run.fail('Fails', 'Weather');
    await run.expire('Waits');
    await run.signal('go', 'signal');
    await run.answer('Ask', 'approve');
    expect(run.open().map(({ name }) => name)).toEqual(['signal']);
    await run.resume();
    expect(run.open().map(({ message }) => [message.state, message.attempt])).toEqual([
      ['Fails', 2],
      ['After', 1],
    ]);
    await run.succeed('Fails', 1);
    await run.succeed('After', 2);
    expect(run.state()).toMatchObject({ output: [1, 2, 'signal', { decision: 'approve' }] });
  });

  test('is paused once and resumed once, and can be cancelled meanwhile', async () => {
    const run = scenario(documentOf({ P: { ...branches('A', 'B'), End: true } }));
    await run.start();
    expect(await run.resume()).toEqual([]);
    await run.pause();
    expect(await run.pause()).toEqual([]);
    await run.cancel('enough');
    expect(run.state()).toMatchObject({ status: 'cancelled' });
    expect(await run.resume()).toEqual([]);
  });

  test('makes no decision of its own by being paused after one', async () => {
    const document = documentOf(
      {
        A: task({ Next: 'C' }),
        C: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }], Default: 'B' },
        B: task(),
      },
      {
        phases: [
          { name: 'one', states: ['A', 'C'] },
          { name: 'two', states: ['B'] },
        ],
        decisions: { at: [{ state: 'C', phase: 'one' }] },
      },
    );
    const run = scenario(document);
    await run.start();
    await run.pause();
    await run.succeed('A');
    await run.resume();
    expect(run.eventsOf('DecisionMade')).toHaveLength(1);
  });
});

describe('heartbeats', () => {
  const beating = documentOf({
    A: task({
      HeartbeatSeconds: 5,
      TimeoutSeconds: 60,
      Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Quiet' }],
    }),
    Quiet: { Type: 'Pass', End: true },
  });

  test('that stop fail the task with the name the language has for it', async () => {
    const run = scenario(beating);
    await run.start();
    expect(run.commandOf('A')).toMatchObject({ heartbeatSeconds: 5 });
    await run.when({ type: 'ExpireCommand', commandId: run.commandOf('A').commandId, isSilent: true });
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'States.HeartbeatTimeout' } });
  });

  test('are not missed of a task that owes none', async () => {
    const run = scenario(documentOf({ A: task() }));
    await run.start();
    const { commandId } = run.commandOf('A');
    expect(await run.when({ type: 'ExpireCommand', commandId, isSilent: true })).toEqual([]);
  });
});
