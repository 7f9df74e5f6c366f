import { BatonError, type Json } from '@baton/contracts';
import { z } from 'zod';
import { UnusableAnswer } from './errors.js';
import type { CallModel, ModelResponse } from './model.js';

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

const Spent = z.object({
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
const JournaledResponse = Spent.extend({ text: z.string() });
/** An answer of no use. It was paid, so a task that comes again must know of it instead of paying once more. */
const JournaledFailure = z.object({
  unusable: z.object({ message: z.string(), code: z.string(), next: z.string() }),
  spent: Spent,
});

/**
 * Makes the calls of one command repeatable: a response is in the journal before its caller sees it, so that a task which
 * is delivered again gets the same answers and pays at most for the call that was cut off.
 * The index counts calls as they are started; a task must start them in the same order each time. An UnusableAnswer is
 * journaled too, because it was paid, and thrown again; any other error is not.
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
        const answer = parseRecorded(recorded, callIndex);
        replayed += 1;
        if (answer instanceof UnusableAnswer) throw answer;
        return answer;
      }
      const answer = await call(request, signal).catch(unusableOrThrow);
      await journal.write(callIndex, toJson(answer));
      if (answer instanceof UnusableAnswer) throw answer;
      return answer;
    },
    counts: () => ({ calls, replayed }),
  };
}

function unusableOrThrow(thrown: unknown): UnusableAnswer {
  if (thrown instanceof UnusableAnswer) return thrown;
  throw thrown;
}

function toJson(answer: ModelResponse | UnusableAnswer): Json {
  if (!(answer instanceof UnusableAnswer)) return { ...answer, usage: { ...answer.usage } };
  const { message, code, next = '', spent } = answer;
  return { unusable: { message, code, next }, spent: { ...spent, usage: { ...spent.usage } } };
}

function parseRecorded(recorded: Json, callIndex: number): ModelResponse | UnusableAnswer {
  const response = JournaledResponse.safeParse(recorded);
  if (response.success) return response.data;
  const failure = JournaledFailure.safeParse(recorded);
  if (failure.success) {
    const { unusable, spent } = failure.data;
    return new UnusableAnswer(unusable.message, { code: unusable.code, next: unusable.next, spent });
  }
  throw new BatonError(`The journal's response to call ${callIndex} is not one.`, {
    code: 'journal-unreadable',
    next: 'Check whether another version of Baton wrote to this database.',
    cause: response.error,
  });
}
