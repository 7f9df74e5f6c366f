import type { GraphStep, Json } from '@baton/contracts';
import { z } from 'zod';

/** What is looked at of an entry that a graph keeps (`libs/langgraph`): which channels it has, in which version, and whence. */
const Checkpoint = z.object({
  kind: z.literal('graph-checkpoint'),
  namespace: z.string(),
  checkpoint: z.string(),
  parent: z.string().nullable(),
  source: z.string(),
  step: z.int(),
  values: z.array(z.tuple([z.string(), z.union([z.string(), z.number()]), z.unknown()])),
});
const OfGraph = z.union([
  Checkpoint,
  z.object({ kind: z.enum(['graph-writes', 'graph-thread-deleted', 'graph-asked']) }),
]);

/** The steps of a graph, in their order; null where the journal is not that of one. `unread`: kept as a blob, since they are long. */
export function graphStepsIn(
  journal: readonly Json[],
): { readonly steps: readonly GraphStep[]; readonly unread: number } | null {
  const read = journal.map((entry) => OfGraph.safeParse(entry).data ?? null);
  if (read[0] === null || read[0] === undefined) return null;
  const versions = new Map<string, ReadonlyMap<string, string | number>>();
  const steps = read.flatMap((entry): GraphStep[] => {
    if (entry?.kind !== 'graph-checkpoint') return [];
    const { step, source, namespace, checkpoint, parent } = entry;
    const before = parent === null ? undefined : versions.get(parent);
    const own = new Map(entry.values.map(([channel, version]) => [channel, version]));
    versions.set(checkpoint, own);
    const changed = [...own]
      .filter(([channel, version]) => before?.get(channel) !== version)
      .map(([channel]) => channel);
    return [{ step, source, namespace, checkpoint, changed }];
  });
  return { steps, unread: read.filter((entry) => entry === null).length };
}
