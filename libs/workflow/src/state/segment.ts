/*
 * A long run is not read from its beginning. Once its log has grown enough since the last event that holds the whole
 * state, another is written: `RunContinued`. It costs as much as the state is large, so a large state is written after
 * proportionally more events: at most half of a log are copies.
 */

/** Where a run is read from, and how much there is to read. */
export interface Segment {
  /** Events since the one that holds the state, or since the first. */
  readonly events: number;
  /** The size of their data, in characters of JSON. */
  readonly size: number;
  /** The size of the event that holds the state; 0 where the run is read from its beginning. */
  readonly snapshotSize: number;
}

export const emptySegment: Segment = { events: 0, size: 0, snapshotSize: 0 };

const MOST_EVENTS = 2_000;
const MOST_SIZE = 4 * 1024 * 1024;

/** @param sizes of the events that are read; the first is the one that holds the state, where `hasSnapshot` */
export function segmentOf(hasSnapshot: boolean, sizes: readonly number[]): Segment {
  const [first = 0] = sizes;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return hasSnapshot
    ? { events: sizes.length - 1, size: total - first, snapshotSize: first }
    : { events: sizes.length, size: total, snapshotSize: 0 };
}

export const grown = (segment: Segment, sizes: readonly number[]): Segment => ({
  ...segment,
  events: segment.events + sizes.length,
  size: segment.size + sizes.reduce((sum, size) => sum + size, 0),
});

/** Whether the state should be written once more. */
export const isLong = ({ events, size, snapshotSize }: Segment): boolean =>
  (events >= MOST_EVENTS || size >= MOST_SIZE) && size >= snapshotSize;
