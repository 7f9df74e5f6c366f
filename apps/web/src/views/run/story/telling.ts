import type { OpenAttempt } from './attempts.js';
import { dataIn, type EventData, listIn, numberIn, textIn } from './event-data.js';
import type { FrameStory, VisitStory } from './story.js';

/*
 * What is known while a story is told. Frames and visits have numbers; a retry goes back to a state of before and gives the
 * numbers behind it out again, so what it left behind stays in the story and is no longer found by its number.
 */

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type OpenFrame = Mutable<Omit<FrameStory, 'visits'>> & {
  readonly visits: OpenVisit[];
  /** How often each state was entered. */
  readonly entered: Map<string, number>;
  hasFailed: boolean;
};

export type OpenVisit = Mutable<Omit<VisitStory, 'attempts' | 'frames'>> & {
  readonly attempts: OpenAttempt[];
  readonly frames: OpenFrame[];
  readonly inFrame: OpenFrame;
};

export interface Telling {
  readonly root: OpenFrame;
  readonly frames: Map<number, OpenFrame>;
  readonly visits: Map<number, OpenVisit>;
  /** By command. */
  readonly open: Map<string, OpenAttempt>;
  readonly attempts: OpenAttempt[];
  readonly pauses: { fromMs: number; toMs: number | null }[];
  instantVisits: number;
  /** When the event at hand was recorded. */
  atMs: number;
}

const ROOT = 0;

const newFrame = (frame: number, branch: number): OpenFrame => ({
  ...{ frame, branch, visits: [], entered: new Map(), outcome: 'open', hasFailed: false },
});

export function beginTelling(): Telling {
  const root = newFrame(ROOT, 0);
  const maps = { frames: new Map([[ROOT, root]]), visits: new Map(), open: new Map() };
  return { root, ...maps, attempts: [], pauses: [], instantVisits: 0, atMs: 0 };
}

export function beginFrame(told: Telling, number: number, parent: EventData): OpenFrame {
  if (number === ROOT) return told.root;
  const begun = newFrame(number, numberIn(parent, 'branch') ?? 0);
  told.frames.set(number, begun);
  told.visits.get(numberIn(parent, 'visit') ?? -1)?.frames.push(begun);
  return begun;
}

interface Entry {
  readonly visit: number;
  readonly state: string;
  readonly version: number;
  readonly enteredMs: number;
}

export function enter(told: Telling, frame: OpenFrame, entry: Entry): void {
  const ordinal = (frame.entered.get(entry.state) ?? 0) + 1;
  frame.entered.set(entry.state, ordinal);
  const entered = { ...entry, ordinal, leftMs: null, attempts: [], frames: [], items: null, inFrame: frame };
  frame.visits.push(entered);
  told.visits.set(entry.visit, entered);
}

export function leave(told: Telling, visit: OpenVisit | undefined): void {
  if (visit === undefined) return;
  visit.leftMs = told.atMs;
  if (visit.attempts.length === 0 && visit.frames.length === 0) told.instantVisits += 1;
}

/** A frame whose state failed was not given up because of another. */
export function endFrame(told: Telling, number: number | null, outcome: 'succeeded' | 'cancelled'): void {
  const frame = told.frames.get(number ?? -1);
  if (frame !== undefined) frame.outcome = outcome === 'cancelled' && frame.hasFailed ? 'failed' : outcome;
}

/** From here on the state is the one that the event carries: visits of it are found again, or begin. */
export function takeOver(told: Telling, data: EventData, version: number): void {
  const state = dataIn(dataIn(data.carry).state);
  const lastThatCounts = numberIn(data, 'version') ?? 0;
  const known = new Map(told.visits);
  told.visits.clear();
  const parents = new Map<number, EventData>();
  for (const frame of listIn(state, 'frames').map(dataIn)) {
    parents.set(numberIn(frame, 'frame') ?? -1, dataIn(frame.parent));
  }
  for (const each of listIn(state, 'visits').map(dataIn)) {
    const [visit, name] = [numberIn(each, 'visit') ?? -1, textIn(each, 'state') ?? '?'];
    const before = known.get(visit);
    if (before !== undefined && before.version <= lastThatCounts) {
      before.leftMs = null;
      before.inFrame.outcome = 'open';
      before.inFrame.hasFailed = false;
      told.visits.set(visit, before);
    } else {
      const number = numberIn(each, 'frame') ?? ROOT;
      const frame = told.frames.get(number) ?? beginFrame(told, number, parents.get(number) ?? {});
      enter(told, frame, { visit, state: name, version, enteredMs: told.atMs });
    }
  }
}
