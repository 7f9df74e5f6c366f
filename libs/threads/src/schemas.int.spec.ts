import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallStopped, openStoppable, type Stoppable } from './stoppable.js';
import { THREAD_ENTRY } from './thread-entry.js';

let stoppable: Stoppable;
beforeAll(() => {
  stoppable = openStoppable({ entry: THREAD_ENTRY, threads: 2, memoryMb: 256, monotonicMs: () => performance.now() });
});
afterAll(() => stoppable.close());

const check = async (schema: unknown): Promise<unknown> =>
  JSON.parse(await stoppable.call('check-schema', [JSON.stringify(schema)], { timeMs: 1_000 }));
const checkValue = async (schema: unknown, value: unknown): Promise<unknown> =>
  JSON.parse(await stoppable.call('check-value', [JSON.stringify(schema), JSON.stringify(value)], { timeMs: 1_000 }));

test('what a schema that doubles with every definition makes of a value is stopped', async () => {
  const definitions = Object.fromEntries(
    Array.from({ length: 61 }, (_, index) => [
      `d${index}`,
      index === 0
        ? { type: 'string' }
        : { allOf: [{ $ref: `#/$defs/d${index - 1}` }, { $ref: `#/$defs/d${index - 1}` }] },
    ]),
  );
  await expect(checkValue({ $ref: '#/$defs/d60', $defs: definitions }, 'x')).rejects.toBeInstanceOf(CallStopped);
});

test('a schema of thousands of properties is compiled in time, or stopped', async () => {
  const properties = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`p${index}`, { type: 'string' }]));
  const checked = check({ type: 'object', properties, required: Object.keys(properties) });
  expect(await checked.catch((thrown: unknown) => thrown)).toSatisfy(
    (found: unknown) => Array.isArray(found) || found instanceof CallStopped,
  );
});

test('a schema that is nothing but a reference to itself gives a finding', async () => {
  expect(await checkValue({ $ref: '#' }, {})).toMatchObject([{ detail: expect.stringContaining('without end') }]);
});

test('a pattern that takes for ever and a list that must be unique are stopped', async () => {
  const pattern = { type: 'string', pattern: '^(a|aa)+$' };
  await expect(checkValue(pattern, `${'a'.repeat(60)}!`)).rejects.toBeInstanceOf(CallStopped);
  const list = Array.from({ length: 60_000 }, (_, index) => ({ id: index }));
  await expect(checkValue({ type: 'array', uniqueItems: true }, list)).rejects.toBeInstanceOf(CallStopped);
});

test('findings are few and short, however much is wrong', async () => {
  const schema = { type: 'array', items: { enum: ['x'.repeat(100_000)] } };
  const found = await checkValue(
    schema,
    Array.from({ length: 5_000 }, () => 1),
  );
  expect(JSON.stringify(found).length).toBeLessThan(200_000);
});
