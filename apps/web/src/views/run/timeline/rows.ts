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
  /** The run that it is of; null for the one that is looked at. */
  readonly inRun: string | null;
  /** Of a child run, whether what happened in it is shown; null for every other attempt. */
  readonly isOpen: boolean | null;
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
  /** The stories of child runs, by the command that asks for them; of those that were opened, as far as they are known. */
  readonly children: ReadonlyMap<string, ChildStory>;
}

export interface ChildStory {
  readonly runId: string;
  /** Null while it is asked for. */
  readonly story: RunStory | null;
}

/** Branches that are few are shown at once. */
const FEW = 6;

export function rowsOf(story: RunStory, options: RowOptions): readonly Row[] {
  const rows: Row[] = [];
  addVisits(rows, story.visits, { depth: 0, prefix: '', inRun: null }, options);
  return rows;
}

interface Within {
  readonly depth: number;
  readonly prefix: string;
  readonly inRun: string | null;
}

function addVisits(rows: Row[], visits: readonly VisitStory[], within: Within, options: RowOptions): void {
  for (const visit of visits) {
    const title = options.titleOf(visit.state);
    const label = `${within.prefix}${title}${visit.ordinal > 1 ? ` (${visit.ordinal})` : ''}`;
    const { depth, inRun } = within;
    addAttempts(rows, visit, { depth, label, inRun }, options);
    if (visit.frames.length === 0 && visit.items === null) continue;
    const key = `${inRun ?? ''}g${visit.version}`;
    const isOpen = options.toggled.get(key) ?? ((inRun === null && holds(visit, options.event)) || isFew(visit));
    rows.push({ is: 'group', key, depth, label, visit, isOpen, counts: countsOf(visit) });
    if (isOpen) addFrames(rows, visit, { depth: depth + 1, inRun }, options);
  }
}

type At = Pick<AttemptRow, 'depth' | 'label' | 'inRun'>;

function addAttempts(rows: Row[], { attempts }: VisitStory, at: At, options: RowOptions): void {
  const kinds = new Map<Attempt['kind'], number>();
  for (const { kind } of attempts) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const told = new Map<Attempt['kind'], number>();
  for (const [place, attempt] of attempts.entries()) {
    const ordinal = (told.get(attempt.kind) ?? 0) + 1;
    told.set(attempt.kind, ordinal);
    const next = attempts[place + 1];
    const isTriedAgain = next !== undefined && next.kind === attempt.kind && attempt.status !== 'asked';
    const child = options.children.get(attempt.commandId);
    rows.push({
      ...{ is: 'attempt', key: `${at.inRun ?? ''}a${attempt.version}`, depth: at.depth, inRun: at.inRun, attempt },
      ...{ retry: isTriedAgain ? next : null, isOpen: attempt.kind === 'run' ? child !== undefined : null },
      label: `${at.label}${suffixOf(attempt, ordinal, kinds)}`,
    });
    if (child?.story == null) continue;
    addVisits(rows, child.story.visits, { depth: at.depth + 1, prefix: '', inRun: child.runId }, options);
  }
}

function addFrames(rows: Row[], visit: VisitStory, within: Omit<Within, 'prefix'>, options: RowOptions): void {
  for (const frame of visit.frames) {
    const prefix = visit.items === null ? '' : `${itemLabel(frame.branch + 1, visit.items[frame.branch])} · `;
    addVisits(rows, frame.visits, { ...within, prefix }, options);
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
