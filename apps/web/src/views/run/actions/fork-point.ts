import { z } from 'zod';

/*
 * What a fork can have otherwise, from the state of the run after the event that it goes on from
 * (`GET /v1/runs/{id}/state?at=`). The gateway judges what is asked for; this is what the form begins with.
 */

const Frame = z.object({
  frame: z.int(),
  value: z.unknown(),
  visit: z.int().nullable(),
  next: z.string().nullable(),
  isDone: z.boolean(),
  variables: z.record(z.string(), z.unknown()).catch({}),
});
const State = z.object({
  status: z.string(),
  frames: z.array(Frame).catch([]),
  visits: z.array(z.object({ visit: z.int(), state: z.string(), input: z.unknown() })).catch([]),
});

export interface ForkPoint {
  /** Names in order, with the values that they have there. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The state that goes on, null before the first; and what it was given. */
  readonly goesOn: { readonly state: string | null; readonly input: unknown } | null;
  /** Why no single input can be given, where that is so. */
  readonly whyNoInput: string | null;
}

const NOTHING_KNOWN: ForkPoint = { variables: {}, goesOn: null, whyNoInput: null };

export function forkPoint(given: unknown): ForkPoint {
  const parsed = State.safeParse(given);
  if (!parsed.success) return NOTHING_KNOWN;
  const { frames, visits } = parsed.data;
  const root = frames.find(({ frame }) => frame === 0);
  const variables = root?.variables ?? {};
  if (root === undefined || root.isDone) return { variables, goesOn: null, whyNoInput: 'The run has ended there.' };
  if (frames.length > 1) {
    return {
      variables,
      goesOn: null,
      whyNoInput: 'Several branches are under way there, each with an input of its own.',
    };
  }
  const visit = visits.find((each) => each.visit === root.visit);
  const goesOn =
    visit === undefined ? { state: root.next, input: root.value } : { state: visit.state, input: visit.input };
  return { variables, goesOn, whyNoInput: null };
}
