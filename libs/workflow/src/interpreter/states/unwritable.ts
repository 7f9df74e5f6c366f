import { type Json, utf8Length } from '@baton/asl';
import { INLINE_LIMIT_BYTES } from '@baton/contracts';
import type { VisitState } from '../../state/run-state.js';

/** How many bytes of outputs go to whoever writes them, as JSON. */
interface Bounds {
  readonly bytes: number;
  /** Where some of them is under seal. */
  readonly sealedBytes: number;
}

/**
 * The outputs go to the worker as one blob, of 64 MiB at most, with their numbers and those of failed items around them. What is
 * under seal is opened on its way and lies in no blob: it has to fit into the message itself.
 */
const BOUNDS: Bounds = { bytes: 48 * 1024 * 1024, sealedBytes: 3 * INLINE_LIMIT_BYTES };

/** What stands around each output, and a number of an item that failed. */
const AROUND_EACH = 32;

/**
 * Why the outputs that a Map has so far can never be written, or null. Of every output it takes the length, so it is not to be
 * asked of each that ends: see `isTimeToCount`.
 *
 * @param beside what goes with them
 */
export function unwritable(
  { outputs, map }: Pick<VisitState, 'outputs' | 'map'>,
  beside: Json = null,
  { bytes: most, sealedBytes }: Bounds = BOUNDS,
): string | null {
  const besideText = JSON.stringify(beside);
  let bytes = utf8Length(besideText) + AROUND_EACH * (map?.failed ?? 0);
  let isSealed = holdsSealed(besideText);
  for (const output of outputs.values()) {
    const text = JSON.stringify(output);
    bytes += utf8Length(text) + AROUND_EACH;
    isSealed ||= holdsSealed(text);
    if (bytes > most) return tooLarge(most);
  }
  return isSealed && bytes > sealedBytes ? tooLargeToOpen(sealedBytes) : null;
}

const holdsSealed = (text: string): boolean => text.includes('"$sealed"');

/** Whenever there are twice as many as the last time: all of them together are counted twice, and no more. */
export const isTimeToCount = ({ outputs: { size } }: Pick<VisitState, 'outputs'>): boolean =>
  size > 0 && (size & (size - 1)) === 0;

const tooLarge = (most: number): string =>
  `The outputs of the items have more than ${Math.floor(most / 1024 / 1024)} MiB, the most that a ResultWriter writes: have each item keep what is large in a workspace or a bucket, and give its name.`;

const tooLargeToOpen = (most: number): string =>
  `Some outputs of the items are personal data, and all of them have more than ${Math.floor(most / 1024)} KiB, the most that a ResultWriter is sent of such: mark less as personal, or have the items give less.`;
