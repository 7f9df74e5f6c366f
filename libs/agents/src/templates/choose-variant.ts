import { createHash } from 'node:crypto';

/** A variant of a template, and how often it is taken beside the others. */
export interface Weighted {
  readonly variant: string;
  /** 0 where it is taken only by runs that name it. */
  readonly weight: number;
}

/**
 * The variant that a run works with: the same for the same run, in every delivery, round and process. Over many runs each is
 * taken in proportion to its weight. Where a variant is added, taken away or weighed otherwise, only those runs change theirs
 * that have to; the others keep it.
 *
 * Each variant draws a number from the run's id and its own name, and the smallest of −ln(u) / weight wins: weighted
 * rendezvous hashing. Source: J. Resch, "New Hashing Algorithms for Data Storage", Storage Developer Conference 2015.
 *
 * @returns null where none has a weight
 */
export function chooseVariant<V extends Weighted>(variants: readonly V[], runId: string, templateId: string): V | null {
  let best: { readonly variant: V; readonly draw: number } | null = null;
  for (const variant of variants) {
    if (variant.weight <= 0) continue;
    const draw = -Math.log(unitOf(`${runId}\0${templateId}\0${variant.variant}`)) / variant.weight;
    const isFirst = best === null || draw < best.draw;
    // Two equal draws in 2^48 numbers: the name decides, so that the order of a folder does not.
    const isTied = best !== null && draw === best.draw && variant.variant < best.variant.variant;
    if (isFirst || isTied) best = { variant, draw };
  }
  return best?.variant ?? null;
}

/** A number above 0 and below 1, from the first 48 bits of the text's SHA-256. */
const unitOf = (text: string): number => (createHash('sha256').update(text).digest().readUIntBE(0, 6) + 0.5) / 2 ** 48;
