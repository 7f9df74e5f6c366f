import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { Backtest } from '../../backtest/backtest.js';
import { DecisionPolicy } from '../../backtest/policy.js';
import { documentOf, RUN_ID, readBack, type Scenario, START_MS, scenario, task } from '../../testing/scenario.js';

const States = {
  Begin: { Type: 'Pass', Assign: { round: 1 }, Next: 'Check' },
  Check: task({ Assign: { said: '{% $states.result %}', round: '{% $round + 1 %}' }, Next: 'Good' }),
  Good: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.context.Convergence.IsPlateau %}', Next: 'Done' }],
    Default: 'Check',
  },
  Done: { Type: 'Succeed' },
};
const documentWith = (decisions: JsonObject, at: JsonObject = {}) =>
  documentOf(States, {
    phases: [{ name: 'p', states: ['Check', 'Good'] }],
    decisions: {
      at: [
        {
          state: 'Good',
          phase: 'p',
          scores: '{% $said[0] %}',
          validators: '{% $said %}',
          round: '{% $round %}',
          ...at,
        },
      ],
      ...decisions,
    },
  });

async function checked(decisions: JsonObject, ...said: readonly (readonly JsonObject[])[]): Promise<Scenario> {
  const run = scenario(documentWith(decisions));
  await run.start();
  for (const each of said) await run.succeed('Check', [...each]);
  return run;
}
const last = (run: Scenario) => run.eventsOf('DecisionMade').at(-1)?.data.decision;

describe('limits of a workflow', () => {
  test('say from where on validators differ, and what is standing still for the Choice itself', async () => {
    const apart = [{ a: 5 }, { a: 7 }];
    expect(last(await checked({}, apart))?.classification).toBe('standard');
    expect(last(await checked({ limits: { spread: 1 } }, apart))?.reasons).toEqual([
      'the validators differ on a: 5 and 7',
    ]);
    expect((await checked({}, [{ a: 5 }], [{ a: 6 }])).state().status).toBe('running');
    expect((await checked({ limits: { gain: 2 } }, [{ a: 5 }], [{ a: 6 }])).state().status).toBe('succeeded');
  });

  test.each<[JsonObject, string]>([
    [{ errors: -1 }, 'at least 0'],
    [{ drop: 0 }, 'falls by nothing'],
    [{ drop: 11 }, 'from 0 to 10'],
    [{ gain: -1 }, 'at least 0'],
    [{ spread: 12 }, 'from 0 to 10'],
    [{ eror: 1 }, 'eror'],
  ])('that cannot be are refused: %j', (limits, message) => {
    expect(() => documentWith({ limits })).toThrow(message);
    expect(DecisionPolicy.safeParse({ limits }).success).toBe(false);
  });

  test('can be tried on recorded runs', async () => {
    const run = await checked({}, [{ a: 5 }, { a: 7 }]);
    const backtest = new Backtest(RUN_ID, DecisionPolicy.parse({ mode: 'hybrid', limits: { spread: 1 } }));
    const found = [];
    for (const [index, event] of readBack(run.log()).entries()) {
      const recordedAt = new Date(START_MS).toISOString();
      found.push(...(await backtest.next({ event, version: index + 1, recordedAt })));
    }
    expect(found.map(({ result }) => result)).toEqual(['would-ask']);
  });
});

describe('a human is needed', () => {
  test('where an approval is required before it goes on', async () => {
    const run = scenario(documentWith({}, { needsApproval: '{% true %}' }));
    await run.start();
    await run.succeed('Check', [{ a: 5 }]);
    expect(last(run)).toMatchObject({
      classification: 'complex',
      reasons: ['an approval is required before it goes on'],
    });
  });

  test.each([
    ['{% true %}', ['a human is needed']],
    ['{% "the contract is worth a million" %}', ['a human is needed', 'the contract is worth a million']],
    ['{% false %}', ['no error and nothing unusual so far']],
  ])('where the workflow says so: %s', async (needsHuman, reasons) => {
    const run = scenario(documentWith({}, { needsHuman }));
    await run.start();
    await run.succeed('Check', [{ a: 5 }]);
    expect(last(run)?.reasons).toEqual(reasons);
  });

  test('where a person is being asked in another branch', async () => {
    const branch = (StartAt: string, inner: JsonObject) => ({ StartAt, States: inner });
    const { Check, Good, Done } = States;
    const run = scenario(
      documentOf(
        {
          P: {
            Type: 'Parallel',
            Branches: [
              branch('Ask', { Ask: task({ Resource: 'baton:approval', Arguments: { title: 'Go?' } }) }),
              branch('Begin', { Begin: { Type: 'Pass', Assign: { round: 1 }, Next: 'Check' }, Check, Good, Done }),
            ],
            End: true,
          },
        },
        { phases: [{ name: 'p', states: ['Check'] }], decisions: { at: [{ state: 'Good', phase: 'p' }] } },
      ),
    );
    await run.start();
    await run.succeed('Check', [{ a: 5 }]);
    expect(last(run)).toMatchObject({ classification: 'complex', reasons: ['an approval is open'] });
  });
});
