import { SpanStatusCode } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activeIds, activeTraceparent, inSpan, startSpan, traceparentOf } from './spans.js';
import { recordSpans } from './testing/index.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('without an SDK a span is nothing, and the trace of whoever asked goes through it', async () => {
  await inSpan('work', { parent: PARENT }, async (span) => {
    expect(span.isRecording()).toBe(false);
    expect(traceparentOf(span)).toBe(PARENT);
  });
  expect(traceparentOf(startSpan('work', {}))).toBeUndefined();
  expect(activeIds()).toEqual({});
});

describe('with an SDK', () => {
  let recorded: ReturnType<typeof recordSpans>;
  beforeAll(() => {
    recorded = recordSpans();
  });
  afterAll(() => recorded.stop());

  test('a span belongs to the trace that it is told', async () => {
    await inSpan('work', { parent: PARENT, kind: 'CONSUMER' }, async () => {
      expect(activeIds()).toMatchObject({ trace_id: TRACE });
      expect(activeTraceparent()).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
      await inSpan('part of it', {}, async () => {});
    });
    const [part, whole] = recorded.take();
    expect(whole?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(part?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
  });

  test('a parent and links that cannot be read are left out, as is a link to its own trace', () => {
    startSpan('work', { parent: 'nonsense', links: [undefined, 'nonsense', OTHER] }).end();
    startSpan('work', { parent: PARENT, links: [PARENT, OTHER] }).end();
    const [root, child] = recorded.take();
    expect(root?.parentSpanContext).toBeUndefined();
    expect(root?.links.map((link) => link.context.spanId)).toEqual(['b7ad6b7169203331']);
    expect(child?.links.map((link) => link.context.spanId)).toEqual(['b7ad6b7169203331']);
  });

  test('a root belongs to nothing that is under way where it is begun', async () => {
    await inSpan('somebody else', {}, async () => startSpan('work', { isRoot: true }).end());
    expect(recorded.take()[0]?.parentSpanContext).toBeUndefined();
  });

  test('what was not sampled before is not recorded here either, and goes on as that', async () => {
    const unsampled = PARENT.replace(/1$/, '0');
    await inSpan('work', { parent: unsampled }, async (span) => {
      expect(traceparentOf(span)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    });
    expect(recorded.take()).toEqual([]);
  });

  test('an error is noted by its code, and none of its words', async () => {
    const error = Object.assign(new Error('the key sk-123 is wrong'), { code: 'model-auth' });
    await expect(inSpan('work', {}, () => Promise.reject(error))).rejects.toBe(error);
    const [span] = recorded.take();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'model-auth' });
    expect(span?.attributes).toMatchObject({ 'error.type': 'model-auth' });
    expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain('sk-123');
  });
});
