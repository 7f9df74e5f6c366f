import type { Json } from '@baton/contracts';
import { Map as PersistentMap } from 'immutable';
import { expect, test } from 'vitest';
import { isTimeToCount, unwritable } from './unwritable.js';

const visitOf = (...outputs: readonly Json[]) => ({
  outputs: PersistentMap(outputs.map((output, at): [number, Json] => [at, output])),
  map: null,
});
const sealed: Json = { $sealed: { key: 'k', run: 'r', box: 'b' } };
const bounds = { bytes: 1_000, sealedBytes: 200 };

test('outputs are written up to a bound in bytes, and less of them where some are under seal', () => {
  const large = 'ü'.repeat(450);
  expect(unwritable(visitOf(large), null, bounds)).toBeNull();
  expect(unwritable(visitOf(large, 'x'.repeat(100)), null, bounds)).toContain('most that a ResultWriter writes');
  expect(unwritable(visitOf(sealed), null, bounds)).toBeNull();
  expect(unwritable(visitOf(sealed, 'x'.repeat(150)), null, bounds)).toContain('personal data');
  expect(unwritable(visitOf('x'.repeat(150)), sealed, bounds)).toContain('personal data');
  expect(unwritable(visitOf(sealed, large, large), null, bounds)).toContain('most that a ResultWriter writes');
});

test('what is written fits into a blob, however it is made of outputs', () => {
  const output = 'x'.repeat(1024 * 1024);
  const many = (count: number) => visitOf(...Array.from({ length: count }, () => output));
  expect(unwritable(many(47))).toBeNull();
  expect(unwritable(many(48))).toContain('more than 48 MiB');
});

test('of any number of outputs all together are counted twice at most', () => {
  const times = Array.from({ length: 10_000 }, (_, size) => ({ size })).filter((outputs) =>
    isTimeToCount({ outputs: outputs as PersistentMap<number, Json> }),
  );
  expect(times.map(({ size }) => size).slice(0, 4)).toEqual([1, 2, 4, 8]);
  expect(times.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(20_000);
});
