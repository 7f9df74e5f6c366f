import { task } from './scenario.js';

/** States that check, decide in `Good` and refine, three rounds at most: `Check` answers whether it `passed`, and a `score`. */
export const checkedUntilGood = {
  Begin: { Type: 'Pass', Assign: { round: 1 }, Next: 'Check' },
  Check: task({ Resource: 'baton:worker:validator', Assign: { review: '{% $states.result %}' }, Next: 'Good' }),
  Good: {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $review.passed and $review.score >= 9 %}', Next: 'Done' },
      { Condition: '{% $round >= 3 %}', Next: 'Stuck' },
    ],
    Default: 'Refine',
  },
  Refine: task({ Resource: 'baton:worker:programmer', Assign: { round: '{% $round + 1 %}' }, Next: 'Check' }),
  Done: { Type: 'Succeed' },
  Stuck: { Type: 'Fail', Error: 'Stuck' },
};
