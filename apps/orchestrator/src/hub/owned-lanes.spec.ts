import { expect, test } from 'vitest';
import { OwnedLanes } from './owned-lanes.js';

const lanes = (...held: readonly number[]) => [1, 2, 3, 4].map((lane) => ({ lane, isHeld: held.includes(lane) }));

test('a hub looks after its own lane and those that nobody holds', async () => {
  const owned = await OwnedLanes.start(2, async () => lanes(2, 3));
  expect(owned.lanes).toEqual([1, 2, 4]);
});

test('its own lane is its own, also where its lease was not renewed in time', async () => {
  const owned = await OwnedLanes.start(2, async () => lanes(3));
  expect(owned.lanes).toEqual([1, 2, 4]);
  expect(owned.isFirst).toBe(true);
});

test('of the hubs that live one is the first, and another once that is gone', async () => {
  let living = lanes(1, 3);
  const [first, second] = [
    await OwnedLanes.start(1, async () => living),
    await OwnedLanes.start(3, async () => living),
  ];
  expect([first.isFirst, second.isFirst]).toEqual([true, false]);
  living = lanes(3);
  await second.refresh();
  expect(second.isFirst).toBe(true);
  expect(second.lanes).toContain(1);
});
