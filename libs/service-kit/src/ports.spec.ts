import { expect, test } from 'vitest';
import { freePort, isPortFree } from './ports.js';

test('no port is given out twice, though nobody listens on it yet', async () => {
  const ports: number[] = [];
  for (let asked = 0; asked < 300; asked += 1) ports.push(await freePort());
  expect(new Set(ports).size).toBe(300);
  expect(await isPortFree(ports[0] ?? 0)).toBe(true);
});
