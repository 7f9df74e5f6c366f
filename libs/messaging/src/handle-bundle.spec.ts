import { BUNDLE, inOrder, onRung, PROTOCOL_VERSION, RetryableError } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { QueueJob } from './backend/backend.js';
import { silentLog } from './config.js';
import { handleBundle } from './handle-bundle.js';
import type { OutgoingJob } from './messaging.js';
import { roleOf } from './queue-roles.js';

const queue = 'worker-a';
const messages = ['a', 'b'].map((jobId) => ({ jobId, name: 'task', data: { n: jobId } }));

/** What a bundle becomes of which one message fails; `stalls` where its process died. */
async function takenApart(given: Pick<QueueJob, 'opts' | 'via'>, stalls: number): Promise<readonly OutgoingJob[]> {
  const sent: OutgoingJob[] = [];
  const job: QueueJob = {
    ...{
      id: 'b-a',
      name: BUNDLE,
      data: { v: PROTOCOL_VERSION, messages },
      attemptsMade: 0,
      attemptsStarted: 1,
      stalledCounter: stalls,
    },
    ...{ moveToWait: async () => 1, moveToDelayed: async () => {} },
    ...given,
  };
  const handling = {
    ...{ queue, messages: { task: z.object({ n: z.string() }) }, deadLetter: async () => {}, log: silentLog },
    ...{ retry: roleOf(queue).retry, cut: (text: string) => text },
    sendOn: async (_: QueueJob, jobs: readonly OutgoingJob[]) => void sent.push(...jobs),
    handle: async ({ data }: { readonly data: { readonly n: string } }) => {
      if (data.n === 'b') throw new RetryableError('not now', { code: 'test', retryAfterMs: 1 });
    },
  };
  expect(await handleBundle(handling, job, new AbortController().signal)).toEqual({ type: 'done' });
  return sent;
}

describe.each([
  { apart: 'since one of its messages fails', stalls: 0 },
  { apart: 'since its process died', stalls: 1 },
])('a bundle that is taken apart $apart', ({ stalls }) => {
  test.each([0, 1, 2, 3].flatMap((urgency) => [0, 1, 2, 3].map((rung) => onRung(urgency, rung))))(
    'leaves its messages where it stood: %i',
    async (priority) => {
      // BullMQ knows the number that says what comes first.
      const byBullMq = await takenApart({ opts: { priority: inOrder(priority) } }, stalls);
      expect(new Set(byBullMq.map((each) => each.priority))).toEqual(new Set([priority]));
      const byOwnDoor = await takenApart({ opts: { priority }, via: 'own-door' }, stalls);
      expect(new Set(byOwnDoor.map((each) => each.priority))).toEqual(new Set([priority]));
    },
  );
});
