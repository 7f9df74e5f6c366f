import type { Attempt, FrameStory, RunStory, VisitStory } from '../story/story.js';

/*
 * The rows of a timeline: one for each attempt, and one for each Map and Parallel, which is folded until somebody opens it.
 */

interface Place {
  readonly key: string;
  /** Within how many groups it is. */
  readonly depth: number;
  readonly label: string;
}

export interface AttemptRow extends Place {
  readonly is: 'attempt';
  readonly attempt: Attempt;
  /** The next one of the same visit, where it was tried again. */
  readonly retry: Attempt | null;
}

export interface GroupRow extends Place {
  readonly is: 'group';
  readonly visit: VisitStory;
  readonly isOpen: boolean;
  readonly counts: GroupCounts;
}

export type Row = AttemptRow | GroupRow;

export interface GroupCounts {
  readonly what: 'items' | 'branches';
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly running: number;
}

export interface RowOptions {
  /** What people call a state. */
  readonly titleOf: (state: string) => string;
  /** Groups that somebody opened or closed, by their key; the others are as they are by themselves. */
  readonly toggled: ReadonlyMap<string, boolean>;
  /** The event that is looked at: what it is in is open. */
  readonly event: number | undefined;
}

/** Branches that are few are shown at once. */
const FEW = 6;

export function rowsOf(story: RunStory, options: RowOptions): readonly Row[] {
  const rows: Row[] = [];
  addVisits(rows, story.visits, { depth: 0, prefix: '' }, options);
  return rows;
}

interface Within {
  readonly depth: number;
  readonly prefix: string;
}

function addVisits(rows: Row[], visits: readonly VisitStory[], within: Within, options: RowOptions): void {
  for (const visit of visits) {
    const title = options.titleOf(visit.state);
    const label = `${within.prefix}${title}${visit.ordinal > 1 ? ` (${visit.ordinal})` : ''}`;
    const { depth } = within;
    addAttempts(rows, visit, { depth, label });
    if (visit.frames.length === 0 && visit.items === null) continue;
    const key = `g${visit.version}`;
    const isOpen = options.toggled.get(key) ?? (holds(visit, options.event) || isFew(visit));
    rows.push({ is: 'group', key, depth, label, visit, isOpen, counts: countsOf(visit) });
    if (isOpen) addFrames(rows, visit, depth + 1, options);
  }
}

function addAttempts(rows: Row[], { attempts }: VisitStory, at: Pick<AttemptRow, 'depth' | 'label'>): void {
  const kinds = new Map<Attempt['kind'], number>();
  for (const { kind } of attempts) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const told = new Map<Attempt['kind'], number>();
  for (const [place, attempt] of attempts.entries()) {
    const ordinal = (told.get(attempt.kind) ?? 0) + 1;
    told.set(attempt.kind, ordinal);
    const next = attempts[place + 1];
    const isTriedAgain = next !== undefined && next.kind === attempt.kind && attempt.status !== 'asked';
    rows.push({
      ...{ is: 'attempt', key: `a${attempt.version}`, depth: at.depth, attempt, retry: isTriedAgain ? next : null },
      label: `${at.label}${suffixOf(attempt, ordinal, kinds)}`,
    });
  }
}

function addFrames(rows: Row[], visit: VisitStory, depth: number, options: RowOptions): void {
  for (const frame of visit.frames) {
    const prefix = visit.items === null ? '' : `${itemLabel(frame.branch + 1, visit.items[frame.branch])} · `;
    addVisits(rows, frame.visits, { depth, prefix }, options);
  }
}

/** An item that is only a number says no more than its place. */
const itemLabel = (place: number, name: string | null | undefined): string =>
  name == null || name === String(place) ? `#${place}` : `#${place} ${name}`;

function suffixOf({ attempt, kind }: Attempt, ordinal: number, kinds: ReadonlyMap<Attempt['kind'], number>): string {
  if (kind === 'person' && kinds.size > 1) return ' · question';
  if (kind === 'advice') return ' · advice';
  if (kinds.get(kind) === 1 && attempt === 1) return '';
  return ` · attempt ${Math.max(attempt, ordinal)}`;
}

const isFew = ({ items, frames }: VisitStory): boolean =>
  items === null && frames.length <= FEW && frames.every(({ visits }) => visits.length <= FEW);

/** Whether an attempt that begins or ends with the event is somewhere within. */
function holds({ frames }: VisitStory, event: number | undefined): boolean {
  if (event === undefined) return false;
  return frames.some(({ visits }) =>
    visits.some((visit) => visit.attempts.some((attempt) => isAt(attempt, event)) || holds(visit, event)),
  );
}

export const isAt = ({ version, endVersion }: Attempt, event: number): boolean =>
  version === event || endVersion === event;

function countsOf({ items, frames }: VisitStory): GroupCounts {
  const count = (outcome: FrameStory['outcome']): number => frames.filter((each) => each.outcome === outcome).length;
  return {
    what: items === null ? 'branches' : 'items',
    total: items?.length ?? frames.length,
    ...{
      succeeded: count('succeeded'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      running: count('open'),
    },
  };
}

/** `12 of 30 items done, 2 failed` */
export function countsText({ what, total, succeeded, failed, cancelled, running }: GroupCounts): string {
  const some = (count: number, word: string): string => (count === 0 ? '' : `, ${count} ${word}`);
  const rest = `${some(failed, 'failed')}${some(cancelled, 'given up')}${some(running, 'under way')}`;
  return `${succeeded} of ${total} ${what} done${rest}`;
}
