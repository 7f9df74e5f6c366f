import { expect, test } from 'vitest';
import { documentOf, type Scenario, scenario, task } from '../../testing/scenario.js';

/** A loop of any workflow, with its condition in a line. */
const document = documentOf(
  {
    Begin: { Type: 'Pass', Assign: { round: 1 }, Next: 'Draft' },
    Draft: task({ Assign: { scores: '{% $states.result %}' }, Next: 'Good' }),
    Good: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.context.Convergence.Reached %}', Next: 'Done' },
        {
          Condition: '{% $states.context.Convergence.IsLastRound or $states.context.Convergence.IsPlateau %}',
          Output: '{% $states.context.Convergence.Issues %}',
          Next: 'Done',
        },
      ],
      Default: 'Again',
    },
    Again: { Type: 'Pass', Assign: { round: '{% $round + 1 %}' }, Next: 'Draft' },
    Done: { Type: 'Succeed' },
  },
  {
    phases: [{ name: 'draft', states: ['Draft', 'Good', 'Again'] }],
    decisions: {
      at: [
        {
          state: 'Good',
          phase: 'draft',
          scores: '{% $scores %}',
          thresholds: '{% { "style": 8, "facts": 9 } %}',
          hysteresis: 0.5,
          round: '{% $round %}',
          maxRounds: '{% 4 %}',
          unrunTools: '{% $scores.style = 10 ? ["tests"] : [] %}',
        },
      ],
    },
  },
);

async function drafts(...scores: readonly (readonly [number, number])[]): Promise<Scenario> {
  const run = scenario(document);
  await run.start();
  for (const [style, facts] of scores) await run.succeed('Draft', { style, facts });
  return run;
}

test('a Choice loops until every dimension has reached its threshold', async () => {
  expect((await drafts([5, 9], [7, 9])).commandOf('Draft')).toBeDefined();
  expect((await drafts([5, 9], [7, 9], [8, 9])).state()).toMatchObject({ status: 'succeeded' });
});

test('what was not run did not pass: no score makes up for a tool that did not run', async () => {
  expect((await drafts([10, 9])).commandOf('Draft')).toBeDefined();
  expect((await drafts([10, 9], [9, 9])).state()).toMatchObject({ status: 'succeeded' });
});

test('what was reached stays reached within the band of the hysteresis', async () => {
  expect((await drafts([5, 9], [8, 8.6])).state()).toMatchObject({ status: 'succeeded' });
  expect((await drafts([5, 9], [8, 8.4])).commandOf('Draft')).toBeDefined();
});

test('it ends where the rounds stand still, or are used up, and says so', async () => {
  expect((await drafts([5, 5], [5, 5.1])).state()).toMatchObject({
    output: ['the scores gained 0.1 in all since the round before'],
  });
  expect((await drafts([1, 1], [2, 2], [3, 3], [4, 4])).state()).toMatchObject({
    output: ['the last of 4 rounds is reached'],
  });
});
