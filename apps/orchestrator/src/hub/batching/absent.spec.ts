import { randomUUID } from 'node:crypto';
import { EVALUATE_HERE, type Evaluator } from '@baton/asl';
import { expect, test } from 'vitest';
import { answerOf, givenBatcher, startOf } from '../../testing/given-batcher.js';
import { Batcher } from './batcher.js';

/** The evaluation of the input `slow` takes until it is let go. */
function slowExpressions() {
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const evaluatorFor = (onWait: () => void): Evaluator => ({
    ...EVALUATE_HERE,
    template: async (template, scope, field, limits) => {
      if (JSON.stringify(scope.states.input) === '{"big":"slow"}') {
        onWait();
        await gate;
      }
      return EVALUATE_HERE.template(template, scope, field, limits);
    },
  });
  return { evaluatorFor, letGo: () => letGo() };
}

function givenSlowExpression() {
  const given = givenBatcher();
  const { evaluatorFor, letGo } = slowExpressions();
  return { ...given, batcher: new Batcher({ ...given.ports, evaluatorFor }), letGo };
}

const runsOf = (appended: ReturnType<typeof givenBatcher>['appended']) =>
  appended.map((items) => items.map(({ runId }) => runId));

test('a run whose expression takes its time is left out of the batch, and comes back with what was decided', async () => {
  const { batcher, appended, letGo } = givenSlowExpression();
  const [slow, quick, later] = [randomUUID(), randomUUID(), randomUUID()];
  const outcome = batcher.handle(startOf(slow, 'slow', { big: 'slow' }));
  await batcher.handle(startOf(quick));
  await batcher.handle(startOf(later));
  expect(runsOf(appended)).toEqual([[quick], [later]]);
  letGo();
  expect(await outcome).toBe('committed');
  expect(runsOf(appended)).toEqual([[quick], [later], [slow]]);
});

test('further messages for such a run wait until what was decided is written', async () => {
  const { batcher, appended, letGo } = givenSlowExpression();
  const slow = randomUUID();
  const outcome = batcher.handle(startOf(slow, 'slow', { big: 'slow' }));
  await batcher.handle(startOf(randomUUID()));
  const answered = batcher.handle(answerOf(slow, 1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(appended).toHaveLength(1);
  letGo();
  expect(await Promise.all([outcome, answered])).toEqual(['committed', 'committed']);
  expect(runsOf(appended).slice(1)).toEqual([[slow], [slow]]);
});

test('no more runs than a few are absent at once: the next ones come again, and the others go on', async () => {
  const { batcher, appended, letGo } = givenSlowExpression();
  const outcomes = Array.from({ length: 20 }, (_, n) =>
    batcher.handle(startOf(randomUUID(), `slow ${n}`, { big: 'slow' })).catch((error: { code: string }) => error.code),
  );
  expect(await batcher.handle(startOf(randomUUID()))).toBe('committed');
  expect(appended).toHaveLength(1);
  letGo();
  const all = await Promise.all(outcomes);
  expect(all.filter((outcome) => outcome === 'committed')).toHaveLength(16);
  expect(all.filter((outcome) => outcome === 'expressions-busy')).toHaveLength(4);
});

test('the batcher stops once those are back and written', async () => {
  const { batcher, appended, letGo } = givenSlowExpression();
  const outcome = batcher.handle(startOf(randomUUID(), 'slow', { big: 'slow' }));
  await batcher.handle(startOf(randomUUID()));
  const stopped = batcher.stop();
  letGo();
  await stopped;
  expect(appended).toHaveLength(2);
  expect(await outcome).toBe('committed');
});

test('what is back is written, and the batcher stops, also where the database cannot tell the time', async () => {
  const { ports, appended } = givenBatcher();
  const { evaluatorFor, letGo } = slowExpressions();
  let isAway = false;
  const settleClock = async (): Promise<void> => {
    if (isAway) throw new Error('no database');
  };
  const batcher = new Batcher({ ...ports, evaluatorFor, settleClock });
  const [slow, other] = [randomUUID(), randomUUID()];
  const outcome = batcher.handle(startOf(slow, 'slow', { big: 'slow' }));
  await batcher.handle(startOf(randomUUID()));
  isAway = true;
  letGo();
  const refused = batcher.handle(startOf(other)).catch((error: { code: string }) => error.code);
  expect(await Promise.all([outcome, refused])).toEqual(['committed', 'append-failed']);
  isAway = false;
  await batcher.stop();
  expect(runsOf(appended).slice(1)).toEqual([[slow]]);
});

test('where each of many runs needs a moment elsewhere, all are decided, and none has to come again', async () => {
  const given = givenBatcher();
  const evaluatorFor = (onWait: () => void): Evaluator => ({
    ...EVALUATE_HERE,
    template: async (template, scope, field, limits) => {
      onWait();
      await new Promise(setImmediate);
      return EVALUATE_HERE.template(template, scope, field, limits);
    },
  });
  const batcher = new Batcher({ ...given.ports, evaluatorFor });
  const outcomes = Array.from({ length: 100 }, (_, n) => batcher.handle(startOf(randomUUID(), `quick ${n}`, { n })));
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['committed']));
});
