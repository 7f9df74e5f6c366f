import { expect, test } from 'vitest';
import { createDrain } from './taking.js';

function given() {
  const told: string[] = [];
  let finish = (): void => {};
  const drain = createDrain({
    draining: (isSo) => void told.push(isSo ? 'says that it drains' : 'says that it takes tasks'),
    log: { info: () => {}, warn: () => {} },
  });
  const rest = (): Promise<void> => {
    told.push('rests');
    return new Promise((resolve) => {
      finish = resolve;
    });
  };
  const wake = (): void => void told.push('wakes');
  return { told, drain, taking: { rest, wake }, finish: () => finish() };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a worker that is to drain rests once it has something that takes its tasks, and once only', async () => {
  const { told, drain, taking } = given();
  drain.want(true);
  expect(told).toEqual([]);
  drain.follow(taking);
  drain.want(true);
  await settled();
  expect(told).toEqual(['says that it drains', 'rests']);
});

test('taken back, it takes tasks again once those that it had have ended', async () => {
  const { told, drain, taking, finish } = given();
  drain.follow(taking);
  drain.want(true);
  drain.want(false);
  await settled();
  expect(told).toEqual(['says that it drains', 'rests']);
  finish();
  await settled();
  expect(told.slice(2)).toEqual(['says that it takes tasks', 'wakes']);
});
