import { recordSpans } from '@baton/telemetry/testing';
import { trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { consumeInTest, openInTest } from '../testing/in-test.js';
import { deadLetters, quickTiming } from '../testing/recorder.js';
import { backends } from '../testing/test-servers.js';

const messages = { task: z.object({ n: z.number() }) };

/** The own door is no queue of BullMQ: what comes through it has the spans of its tasks alone. */
const ofBullMq = backends.filter(({ name }) => !name.endsWith('own door'));

describe.each(ofBullMq)('queues on $name', ({ isAvailable, open }) => {
  let spans: ReturnType<typeof recordSpans>;
  beforeAll(() => {
    spans = recordSpans();
  });
  afterAll(() => spans.stop());

  test.skipIf(!isAvailable)('lead from whoever put a job there to whoever takes it', async () => {
    const { messaging } = await openInTest(open, 'telemetry-test');
    const taken = Promise.withResolvers<string | undefined>();
    const consumer = consumeInTest(messaging, {
      queue: 'worker-telemetry',
      messages,
      concurrency: 1,
      deadLetter: deadLetters().record,
      timing: quickTiming,
      handle: async () => taken.resolve(trace.getActiveSpan()?.spanContext().traceId),
    });
    await consumer.whenReady();
    await messaging.publish('worker-telemetry', [{ jobId: 'j-1', name: 'task', data: { n: 1 } }]);
    const traceId = await taken.promise;
    await consumer.stop(5_000);
    const told = spans.take();
    const added = told.find(({ name }) => name.startsWith('add'));
    const processed = told.find(({ name }) => name.startsWith('process'));
    expect(processed?.spanContext().traceId).toBe(traceId);
    expect([added?.spanContext().traceId, processed?.parentSpanContext?.spanId]).toEqual([
      traceId,
      added?.spanContext().spanId,
    ]);
    expect(new Set(told.map(({ name }) => name.split(/[ .]/)[0]))).toEqual(
      new Set([added?.name.split(/[ .]/)[0], 'process']),
    );
  });
});
