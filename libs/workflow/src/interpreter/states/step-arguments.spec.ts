import { expect, test } from 'vitest';
import { documentOf, scenario, task } from '../../testing/scenario.js';

/* What a workflow says of a step reaches its worker, and the log says what a task was asked with and answered by. */

const template = { id: 'one', version: '1.0.0', sha256: 'ab'.repeat(32) };
const steps = { Work: { number: 1, title: 'Work', template: 'one', maxOutputTokens: 2000, cache: { ttlSeconds: 60 } } };

test('a step says by which template and how long an answer may be, unless its arguments do', async () => {
  const run = scenario(
    documentOf(
      {
        Work: task({ Arguments: { a: 1 }, Next: 'Own' }),
        Own: task({ Arguments: { template: 'two', maxOutputTokens: 5 } }),
      },
      { steps: { ...steps, Own: { ...steps.Work, number: 2 } } },
    ),
  );
  await run.start();
  expect(run.commandOf('Work').message.arguments).toEqual({
    template: 'one',
    maxOutputTokens: 2000,
    cache: { ttlSeconds: 60 },
    a: 1,
  });
  await run.succeed('Work');
  expect(run.commandOf('Own').message.arguments).toEqual({
    template: 'two',
    maxOutputTokens: 5,
    cache: { ttlSeconds: 60 },
  });
  expect(run.eventsOf('TaskScheduled').map(({ data }) => data.template)).toEqual(['one', 'two']);
});

test('the template and the hash of its text are in the event of every result, good or bad', async () => {
  const run = scenario(
    documentOf({ Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Again' }] }), Again: task() }, { steps }),
  );
  await run.start();
  const failed = { error: 'Weather', cause: 'rain', retryable: false, template };
  await run.when({ type: 'FailTask', commandId: run.commandOf('Work').commandId, ...failed });
  await run.when({ type: 'CompleteTask', commandId: run.commandOf('Again').commandId, output: {}, template });
  expect(run.eventsOf('TaskFailed')[0]?.data.template).toEqual(template);
  expect(run.eventsOf('TaskSucceeded')[0]?.data.template).toEqual(template);
});

test('a bound that no model keeps is refused', () => {
  const wrong = { Work: { ...steps.Work, maxOutputTokens: 128_001 } };
  expect(() => documentOf({ Work: task() }, { steps: wrong })).toThrow('maxOutputTokens');
});
