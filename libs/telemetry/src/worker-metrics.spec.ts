import { expect, test } from 'vitest';
import { Registry } from './prom.js';
import { workerMetrics } from './worker-metrics.js';

test('two workers of one process count in the same metrics, each under its kind', async () => {
  const register = new Registry();
  workerMetrics(register).slots('deployer', 4);
  workerMetrics(register).slots('map-items', 2);
  const text = await register.metrics();
  expect(text).toContain('baton_worker_slots{kind="deployer"} 4');
  expect(text).toContain('baton_worker_slots{kind="map-items"} 2');
});
