import { BatonError, type Json } from '@baton/contracts';
import { z } from 'zod';
import type { CallModel } from './model.js';

/** Where the responses of one command are kept, by the ordinal of the call within it, from 0. The first write of an index stands. */
export interface Journal {
  readonly read: (callIndex: number) => Promise<Json | null>;
  readonly write: (callIndex: number, response: Json) => Promise<void>;
}

export interface JournaledModel {
  readonly call: CallModel;
  /** Calls made so far, and how many of them were answered from the journal. */
  readonly counts: () => { readonly calls: number; readonly replayed: number };
}

const JournaledResponse = z.object({
  text: z.string(),
  model: z.string(),
  stopReason: z.string(),
  usage: z.object({
    inputTokens: z.int().nonnegative(),
    outputTokens: z.int().nonnegative(),
    cacheReadTokens: z.int().nonnegative(),
    cacheWriteTokens: z.int().nonnegative(),
  }),
  requestId: z.string().nullable(),
});

/**
 * Makes the calls of one command repeatable: a response is in the journal before its caller sees it, so that a task which
 * is delivered again gets the same answers and pays at most for the call that was cut off.
 * The index counts calls as they are started; a task must start them in the same order each time. An error is not journaled.
 */
export function withJournal(call: CallModel, journal: Journal): JournaledModel {
  let calls = 0;
  let replayed = 0;
  return {
    call: async (request, signal) => {
      const callIndex = calls;
      calls += 1;
      const recorded = await journal.read(callIndex);
      if (recorded !== null) {
        const response = parseRecorded(recorded, callIndex);
        replayed += 1;
        return response;
      }
      const response = await call(request, signal);
      await journal.write(callIndex, { ...response, usage: { ...response.usage } });
      return response;
    },
    counts: () => ({ calls, replayed }),
  };
}

function parseRecorded(recorded: Json, callIndex: number) {
  const result = JournaledResponse.safeParse(recorded);
  if (result.success) return result.data;
  throw new BatonError(`The journal's response to call ${callIndex} is not one.`, {
    code: 'journal-unreadable',
    next: 'Check whether another version of Baton wrote to this database.',
    cause: result.error,
  });
}
