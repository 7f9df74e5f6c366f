import { randomFrom } from '@baton/asl';
import { expect, test } from 'vitest';
import { faultsOf } from './faults.js';
import { planOf } from './plan.js';

const faults = faultsOf(['orchestrator', 'gateway'], true);
const told = (seed: string) =>
  planOf(faults, faults.length * 2, randomFrom(seed)).map(({ fault, pauseMs, share }) => [fault.name, pauseMs, share]);

test('a seed has the same faults each time, and another one others', () => {
  expect(told('7')).toEqual(told('7'));
  expect(told('7')).not.toEqual(told('8'));
});

test('every fault comes before one comes again', () => {
  const names = told('7').map(([name]) => name);
  expect(new Set(names.slice(0, faults.length)).size).toBe(faults.length);
  expect(names.slice(faults.length).toSorted()).toEqual(faults.map(({ name }) => name).toSorted());
});
