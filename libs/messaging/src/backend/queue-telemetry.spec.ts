import { recordSpans } from '@baton/telemetry/testing';
import { context, createNoopMeter, type Meter, metrics } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { queueTelemetry } from './queue-telemetry.js';

let spans: ReturnType<typeof recordSpans> | null = null;
afterEach(() => {
  spans?.stop();
  spans = null;
  metrics.disable();
});

test('without OpenTelemetry queues have no telemetry, and do no more than before', () => {
  expect(queueTelemetry()).toEqual({});
});

test('queues have telemetry where there is tracing, whatever the sampler thinks of a span', () => {
  spans = recordSpans({ isSampled: false });
  const { telemetry } = queueTelemetry();
  expect(telemetry?.tracer).toBeDefined();
  // Of metrics nobody spoke.
  expect(telemetry?.meter).toBeUndefined();
});

test('whether there is tracing is no span of its own', () => {
  spans = recordSpans();
  queueTelemetry();
  expect(spans.take()).toEqual([]);
});

test('where metrics alone are wanted, queues count', () => {
  const counted: string[] = [];
  const meter: Meter = createNoopMeter();
  const counting: Meter = Object.assign(Object.create(meter), {
    createCounter: (name: string) => ({ add: () => counted.push(name) }),
  });
  metrics.setGlobalMeterProvider({ getMeter: () => counting });
  queueTelemetry().telemetry?.meter?.createCounter('jobs').add(1);
  expect(counted).toEqual(['jobs']);
});

test('a job whose metadata is of whoever can put jobs there is taken, whatever that is', () => {
  spans = recordSpans();
  const { telemetry } = queueTelemetry();
  const active = context.active();
  for (const metadata of ['', 'no json', '{"traceparent":', 'null', '[]', '"text"', '{"traceparent":{"a":1}}'])
    expect(telemetry?.contextManager.fromMetadata(active, metadata)).toBe(active);
});

test('what BullMQ does by itself every few seconds makes no span', () => {
  spans = recordSpans();
  const { telemetry } = queueTelemetry();
  const names = [
    'add intake.submit',
    'addBulk intake',
    'process worker-planner',
    'getNextJob intake',
    'extendLocks intake',
    'moveStalledJobsToWait intake',
  ];
  for (const name of names) telemetry?.tracer.startSpan(name).end();
  expect(spans.take().map(({ name }) => name)).toEqual(names.slice(0, 3));
});
