import { expect, test } from 'vitest';
import { limitExchanges } from './limit-exchanges.js';

const refused = { status: 429, code: 'too-many-sign-ins' };
const done = async () => 'signed in';

test('one network may have the provider asked sixty times at once, and then once a second', async () => {
  let now = 0;
  const { within } = limitExchanges(() => now);
  for (let n = 0; n < 60; n += 1) expect(await within('2001:db8::1', done)).toBe('signed in');
  await expect(within('2001:db8::2', done)).rejects.toMatchObject(refused);
  expect(await within('192.0.2.1', done)).toBe('signed in');
  now += 1_000;
  expect(await within('2001:db8::1', done)).toBe('signed in');
  await expect(within('2001:db8::1', done)).rejects.toMatchObject(refused);
});

test('no more wait for the provider at once than are allowed, from wherever, and one that failed waits no more', async () => {
  const { within } = limitExchanges(() => 0, 2);
  const answer = Promise.withResolvers<string>();
  const waiting = ['192.0.2.1', '192.0.2.2'].map((address) => within(address, () => answer.promise));
  await expect(within('192.0.2.3', done)).rejects.toMatchObject(refused);
  answer.reject(new Error('the provider is away'));
  for (const each of waiting) await expect(each).rejects.toThrow('away');
  expect(await within('192.0.2.3', done)).toBe('signed in');
});
