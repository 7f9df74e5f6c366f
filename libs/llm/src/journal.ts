import { BatonError, CachedFrom, Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { InterruptedCall, type SpentCall, UnusableAnswer } from './errors.js';
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
const JournaledResponse = Spent.extend({
  text: z.string(),
  // What was journaled before there were turns has neither.
  content: z.array(JsonObject).default([]),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), input: Json })).default([]),
  cachedFrom: CachedFrom.exactOptional(),
});
/** An answer of no use. It was paid, so a task that comes again must know of it instead of paying once more. */
const JournaledFailure = z.object({
  unusable: z.object({ message: z.string(), code: z.string(), next: z.string() }),
  spent: Spent,
});

/** A call that broke off and may succeed at another try. */
const JournaledCut = z.object({ cut: z.object({ message: z.string(), code: z.string() }), spent: Spent });

/**
 * Makes the calls of one command repeatable: a response is in the journal before its caller sees it, so that a task which
 * is delivered again gets the same answers and pays at most for the call that was cut off.
 * The index counts calls as they are started; a task must start them in the same order each time. An UnusableAnswer is
 * journaled too, because it was paid, and thrown again. So is what an InterruptedCall cost: a task that comes again is told
 * by `onPaid`, and asks once more under the next index. Any other error is not. With `now`, how long a call took is noted, too.
 */
export function withJournal(
  call: CallModel,
  journal: Journal,
  { onPaid = () => {}, now }: { readonly onPaid?: (spent: SpentCall) => void; readonly now?: () => Date } = {},
): JournaledModel {
  let calls = 0;
  let replayed = 0;
  let notes = 0;

  const firstAnswer = async (...[callIndex, request, signal]: FirstAnswerOf): Promise<ModelResponse> => {
    const begunMs = now?.().getTime() ?? 0;
    const took = (): JsonObject => (now === undefined ? {} : { tookMs: Math.max(0, now().getTime() - begunMs) });
    try {
      const answer = await call(request, signal);
      await journal.write(callIndex, { ...responseToJson(answer), ...took() });
      return answer;
    } catch (thrown) {
      if (thrown instanceof UnusableAnswer || thrown instanceof InterruptedCall) {
        await journal.write(callIndex, { ...failureToJson(thrown), ...took() });
      }
      throw thrown;
    }
  };

  return {
    call: async (request, signal) => {
      for (;;) {
        const callIndex = calls;
        calls += 1;
        const recorded = await journal.read(callIndex);
        if (isNote(recorded)) {
          notes += 1;
          continue;
        }
        if (recorded === null) return firstAnswer(callIndex, request, signal);
        const answer = parseRecorded(recorded, callIndex);
        replayed += 1;
        if (answer instanceof UnusableAnswer) throw answer;
        if (!('cut' in answer)) return answer;
        onPaid(answer.spent);
      }
    },
    counts: () => ({ calls: calls - notes, replayed }),
  };
}

type FirstAnswerOf = readonly [callIndex: number, ...Parameters<CallModel>];

/** What a worker noted before it asked: no answer of a model. */
const isNote = (recorded: Json | null): boolean =>
  typeof recorded === 'object' && recorded !== null && 'kind' in recorded && recorded.kind === 'documents';

/** A response as journal and cache hold it. */
export const responseToJson = ({ cachedFrom, ...answer }: ModelResponse): JsonObject => ({
  ...answer,
  ...(cachedFrom === undefined ? {} : { cachedFrom: { ...cachedFrom } }),
  usage: { ...answer.usage },
  content: [...answer.content],
  toolCalls: answer.toolCalls.map((each) => ({ ...each })),
});

function failureToJson(thrown: UnusableAnswer | InterruptedCall): JsonObject {
  const { message, code, next = '', spent } = thrown;
  const paid = { ...spent, usage: { ...spent.usage } };
  return thrown instanceof UnusableAnswer
    ? { unusable: { message, code, next }, spent: paid }
    : { cut: { message, code }, spent: paid };
}

/** Throws where it is none: only what we wrote is read. */
export const parseResponse = (recorded: Json): ModelResponse => JournaledResponse.parse(recorded);

function parseRecorded(
  recorded: Json,
  callIndex: number,
): ModelResponse | UnusableAnswer | z.output<typeof JournaledCut> {
  const response = JournaledResponse.safeParse(recorded);
  if (response.success) return response.data;
  const cut = JournaledCut.safeParse(recorded);
  if (cut.success) return cut.data;
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
