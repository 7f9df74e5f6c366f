import { describe, expect, test } from 'vitest';
import { evolve } from './evolve.js';
import { react } from './react.js';
import { branches, documentOf, scenario } from './testing/scenario.js';

const document = documentOf(
  { Both: { ...branches('L', 'R'), End: true } },
  { steps: { L: { number: 4, title: 'Left' } } },
);

describe('reactions', () => {
  test('a lost command is derived again from its event and the state after it', async () => {
    const run = scenario(document);
    await run.start({ x: 1 });
    const again = run.log().flatMap((event) => (event.type === 'TaskScheduled' ? react(event, run.state()) : []));
    expect(again).toEqual(run.open());
    expect(again.map((effect) => effect.type === 'issue' && effect.message.step)).toEqual([4, 0]);
  });

  test('an event that does not fit the state asks for nothing', async () => {
    const run = scenario(document);
    await run.start();
    const scheduled = run.eventsOf('TaskScheduled')[0];
    if (scheduled === undefined) throw new Error('no task was scheduled');
    expect(react(scheduled, { status: 'new' })).toEqual([]);
    const ended = evolve(run.state(), { type: 'RunSucceeded', data: { output: null } });
    expect(react(scheduled, ended)).toEqual([]);
  });

  test('the priority of the submission goes with every task', async () => {
    const run = scenario(document);
    const submission = {
      requestId: 'r',
      workflow: 'test',
      input: {},
      runId: '0123abcd-0000-4000-8000-00000000beef',
      priority: 0,
    };
    await run.when({ type: 'StartRun', submission, document, sha256: '' });
    expect(run.open().map(({ priority }) => priority)).toEqual([0, 0]);
  });
});
