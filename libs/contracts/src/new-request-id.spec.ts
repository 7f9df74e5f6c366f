import { expect, test } from 'vitest';
import { CancelRun, SubmitRun } from './intake.js';

const submit = (requestId: string) => SubmitRun.safeParse({ requestId, workflow: 'a', input: {} });

test.each(['order-7', 'bestellung-ä-1', '注文 😀', 'e\u0301'])('a request may have the id %s', (requestId) => {
  expect(submit(requestId).data?.requestId).toBe(requestId);
});

test.each(['a\u0000b', 'a\u0085', '\ud83d', 'a\nb', ''])(
  'no door takes the id %j: no two ids may be stored as one',
  (requestId) => {
    expect(submit(requestId).success).toBe(false);
    const runId = '0190aa11-2b3c-4d5e-8f60-123456789abc';
    expect(CancelRun.safeParse({ requestId, runId }).success).toBe(false);
  },
);
