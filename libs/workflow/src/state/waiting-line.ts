import { Set as PersistentSet } from 'immutable';

/*
 * The visits that wait for budget, in the order in which their states were entered: by number. So the line is the same
 * however it is told, by all events of a run or by the visits in a copy of its state, and a task that is tried again is
 * not behind those that came after it.
 *
 * A heap beside a set: joining, leaving and finding the first cost a logarithm. Who leaves from the middle stays in the
 * heap until the way to the first passes it; the set is the truth.
 */
export interface WaitingLine {
  readonly visits: PersistentSet<number>;
  readonly heap: Heap | null;
}

/** A leftist heap: the way down on the right is the shortest there is, and merging goes that way. */
interface Heap {
  readonly visit: number;
  readonly rank: number;
  readonly left: Heap | null;
  readonly right: Heap | null;
}

export const EMPTY_LINE: WaitingLine = { visits: PersistentSet(), heap: null };

export const lineOf = (visits: Iterable<number>): WaitingLine => [...visits].reduce(joinLine, EMPTY_LINE);

export function joinLine(line: WaitingLine, visit: number): WaitingLine {
  if (line.visits.has(visit)) return line;
  return { visits: line.visits.add(visit), heap: merged(line.heap, leaf(visit)) };
}

export function leaveLine(line: WaitingLine, visit: number): WaitingLine {
  if (!line.visits.has(visit)) return line;
  const visits = line.visits.delete(visit);
  let { heap } = line;
  while (heap !== null && !visits.has(heap.visit)) heap = merged(heap.left, heap.right);
  return { visits, heap };
}

/** The visit whose turn is next; null where none waits. */
export const firstInLine = ({ heap }: WaitingLine): number | null => heap?.visit ?? null;

const leaf = (visit: number): Heap => ({ visit, rank: 1, left: null, right: null });

function merged(a: Heap | null, b: Heap | null): Heap | null {
  if (a === null) return b;
  if (b === null) return a;
  const [top, other] = a.visit <= b.visit ? [a, b] : [b, a];
  const below = merged(top.right, other);
  const [longer, shorter] = rankOf(top.left) >= rankOf(below) ? [top.left, below] : [below, top.left];
  return { visit: top.visit, rank: rankOf(shorter) + 1, left: longer, right: shorter };
}

const rankOf = (heap: Heap | null): number => heap?.rank ?? 0;
