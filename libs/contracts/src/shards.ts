import { z } from 'zod';

/*
 * Where runs live when one log is not enough: each shard is a log of its own, in a database of its own, for a share of the runs.
 * Which one a run is in follows from its id alone, so nobody has to ask, and children carry the place of their parent in theirs.
 * See docs/adr/0074-more-than-one-log.md.
 */

/** Shares of the runs, fixed for ever: a shard has a range of them, and is divided by giving some of them away. */
export const SLOTS = 4_096;

/** Which of all shards a log is. Of one there is nothing to be seen anywhere. */
export const Shard = z
  .strictObject({ number: z.int().min(0), of: z.int().min(1).max(SLOTS) })
  .refine(({ number, of }) => number < of, 'expected a number below that of all shards');
export type Shard = z.infer<typeof Shard>;

export const ONLY_SHARD: Shard = { number: 0, of: 1 };

/** Of a UUID of version 8, whose bits are free: the slot behind the version, and then what says that this is one. */
const PLACED = /^[0-9a-f]{8}-[0-9a-f]{4}-8([0-9a-f]{3})-ba70-[0-9a-f]{12}$/;

/** An id that says in which slot its run is, made from another that is as good as random. */
export function placed(id: string, slot: number): string {
  const [first = '', second = '', , , last = ''] = id.split('-');
  return `${first}-${second}-8${slot.toString(16).padStart(3, '0')}-ba70-${last}`;
}

/** The slot that an id says; null where it says none, as in a Baton of one log. */
export function slotOf(runId: string): number | null {
  const found = PLACED.exec(runId.toLowerCase())?.[1];
  return found === undefined ? null : Number.parseInt(found, 16);
}

/** The slot of what has no place yet: by the end of an id that is as good as random. */
export const slotByChance = (id: string): number => Number.parseInt(id.slice(-3), 16);

/** Neighbouring slots are in the same shard, so that of twice as many each has half of one of those before. */
export const shardOfSlot = (slot: number, of: number): number => Math.floor((slot * of) / SLOTS);

/** A slot of a shard, for what has to be in that one: its share of the slots has the same chance each. */
export function slotWithin({ number, of }: Shard, chance: number): number {
  const first = Math.ceil((number * SLOTS) / of);
  const end = Math.ceil(((number + 1) * SLOTS) / of);
  return first + (chance % (end - first));
}

/** The number of the shard that a run is in; null where its id does not say one of several. */
export function shardOf(runId: string, of: number): number | null {
  if (of === 1) return 0;
  const slot = slotOf(runId);
  return slot === null ? null : shardOfSlot(slot, of);
}
