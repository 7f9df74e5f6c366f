import { expect, test } from 'vitest';
import { gathering } from './gathering.js';

/** A place that answers when it is told to. */
function place() {
  const questions: { keys: readonly string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const ask = gathering<string, string>(
    (keys) =>
      new Promise((resolve, reject) => {
        questions.push({ keys, answer: () => resolve((key) => `of ${key}`), fail: reject });
      }),
  );
  return { questions, ask };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked for at the same moment is asked at once, and what comes while that is on its way together after it', async () => {
  const { questions, ask } = place();
  const first = [ask('a'), ask('b')];
  await turn();
  const later = [ask('c'), ask('a')];
  await turn();
  expect(questions.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  questions[0]?.answer();
  expect(await Promise.all(first)).toEqual(['of a', 'of b']);
  await turn();
  expect(questions.map(({ keys }) => keys)).toEqual([
    ['a', 'b'],
    ['c', 'a'],
  ]);
  questions[1]?.answer();
  expect(await Promise.all(later)).toEqual(['of c', 'of a']);
});

test('a question that fails is no answer to its keys, and the next one is asked', async () => {
  const { questions, ask } = place();
  const lost = ask('a');
  await turn();
  const next = ask('b');
  questions[0]?.fail(new Error('away'));
  await expect(lost).rejects.toThrow('away');
  await turn();
  questions[1]?.answer();
  expect(await next).toBe('of b');
});

test('a thousand keys are asked for in parts', async () => {
  const { questions, ask } = place();
  const all = Promise.all(Array.from({ length: 1_000 }, (_, n) => ask(`${n}`)));
  await turn();
  questions[0]?.answer();
  await turn();
  questions[1]?.answer();
  expect(await all).toHaveLength(1_000);
  expect(questions.map(({ keys }) => keys.length)).toEqual([500, 500]);
});
