import { z } from 'zod';

/** What a reader looks for first in the state of a run. Looser than the engine: an older log has less, a newer one more. */
const StateParts = z.object({
  status: z.string().catch('unknown'),
  phase: z.string().nullable().catch(null),
  isPaused: z.boolean().catch(false),
  frames: z.array(z.object({ frame: z.number(), variables: z.record(z.string(), z.unknown()).catch({}) })).catch([]),
  visits: z.array(z.object({ visit: z.number(), state: z.string() })).catch([]),
  commands: z
    .array(
      z.object({
        commandId: z.string(),
        visit: z.number().nullable().catch(null),
        kind: z.string().catch('task'),
        resource: z.string().nullable().catch(null),
        attempt: z.number().nullable().catch(null),
        deadline: z.string().nullable().catch(null),
      }),
    )
    .catch([]),
});

export type StateParts = z.infer<typeof StateParts>;

/** Null before the first event: then there is no state. */
export function partsOf(state: unknown): StateParts | null {
  const parsed = StateParts.safeParse(state);
  return parsed.success ? parsed.data : null;
}

/** Work that was under way, each in a few words. */
export function pendingOf({ commands, visits }: StateParts): readonly { readonly id: string; readonly text: string }[] {
  const states = new Map(visits.map(({ visit, state }) => [visit, state]));
  return commands.map(({ commandId, visit, kind, resource, attempt }) => {
    const state = visit === null ? undefined : states.get(visit);
    const parts = [resource ?? kind, state === undefined ? '' : `for ${state}`];
    return { id: commandId, text: `${parts.join(' ').trim()}${(attempt ?? 1) > 1 ? `, attempt ${attempt}` : ''}` };
  });
}
