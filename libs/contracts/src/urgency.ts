/*
 * How urgent a message is in a queue: one of the four urgencies that a person gives (`--priority`, 0 is most urgent), and within
 * it a rung, on which it stands behind those of a lower one. Rung 0 is written as the urgency alone, so whoever knows no rungs
 * reads and writes the same as before there were any. ADR 91.
 */

export const URGENCIES = 4;
export const RUNGS = 4;
export const MOST_URGENCY = URGENCIES * RUNGS - 1;

/** @param rung 0 for what stands in front of its urgency */
export const onRung = (urgency: number, rung: number): number => (urgency % URGENCIES) + URGENCIES * rung;

/** The urgency that a person gave, whatever the rung. */
export const urgencyOf = (written: number): number => written % URGENCIES;

/** As one number that says what comes first: any of a more urgent one before all of a less urgent one. 0 stays 0. */
export const inOrder = (written: number): number =>
  urgencyOf(written) * RUNGS + Math.min(RUNGS - 1, Math.floor(written / URGENCIES));

/** What is written, by the number of `inOrder`. */
export function writtenFrom(order: number): number {
  const known = Math.min(order, MOST_URGENCY);
  return onRung(Math.floor(known / RUNGS), known % RUNGS);
}
