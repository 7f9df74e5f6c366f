import { expect, test } from 'vitest';
import { startTelemetry } from './start.js';
import { wantedOf } from './telemetry-env.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

test.each([
  ['nothing is said', {}, false, false],
  ['the endpoint is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false, false],
  ['an endpoint is named', ENDPOINT, true, true],
  ['an endpoint of traces is named', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1' }, true, false],
  ['metrics are not wanted', { ...ENDPOINT, OTEL_METRICS_EXPORTER: 'none' }, true, false],
  ['it is switched off', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, false, false],
])('where %s, what goes out is that', (_, env, traces, metrics) => {
  expect(wantedOf(env)).toEqual({ traces, metrics });
});

test('where nobody asks for it, nothing is set up', async () => {
  expect(await startTelemetry({ name: 'planner', version: '1.0.0' }, {})).toBeNull();
});
