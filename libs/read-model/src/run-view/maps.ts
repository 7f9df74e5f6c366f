import { type ItemRef, type Json, nameOfItem } from '@baton/contracts';
import { List } from 'immutable';
import type { FrameFact, MapFact, RunFold } from './run-fold.js';

/** A view shows this many Maps, those that are open first; a Map in each item of another may be entered ten thousand times. */
const MOST_MAPS = 20;
/** Of each Map this many failures are told, the first ones. */
const MOST_FAILURES = 20;
const MOST_OF_CAUSE = 500;

const shortened = (text: string): string => (text.length <= MOST_OF_CAUSE ? text : `${text.slice(0, MOST_OF_CAUSE)}…`);

export function startMap(fold: RunFold, visit: number, total: number, at: string): RunFold {
  const open = fold.open.get(visit);
  if (open === undefined) return fold;
  const map: MapFact = {
    visit,
    state: open.state,
    item: itemOfFrame(fold, open.frame),
    total,
    running: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    startedAt: at,
    endedAt: null,
    failures: [],
  };
  return withoutOldest({ ...fold, maps: fold.maps.push(map) });
}

/** Those that have ended go first. */
function withoutOldest(fold: RunFold): RunFold {
  if (fold.maps.size <= MOST_MAPS) return fold;
  const ended = fold.maps.findIndex(({ endedAt }) => endedAt !== null);
  return { ...fold, maps: fold.maps.delete(Math.max(0, ended)) };
}

/** The item that a frame is about, or is inside of. */
export const itemOfFrame = (fold: RunFold, frame: number): ItemRef | null => fold.frames.get(frame)?.item ?? null;

/** A frame began: of an item, where its parent is a Map that is shown or was. */
export function startFrame(
  fold: RunFold,
  {
    frame,
    parent,
    input,
    items = 1,
  }: {
    readonly frame: number;
    readonly parent: { readonly visit: number; readonly branch: number } | null;
    readonly input: Json;
    /** There where it is about a batch of items that were counted one by one. */
    readonly items?: number | undefined;
  },
): RunFold {
  const around = parent === null ? undefined : fold.open.get(parent.visit);
  if (parent === null || around === undefined) return fold;
  const isItem = fold.mapVisits.has(parent.visit);
  const outer = itemOfFrame(fold, around.frame);
  const item = isItem ? { index: parent.branch, name: nameOfItem(input) } : outer;
  if (item === null) return fold;
  const fact: FrameFact = { map: isItem ? parent.visit : null, item };
  const begun = { ...fold, frames: fold.frames.set(frame, fact) };
  if (!isItem) return begun;
  return changeMap(begun, parent.visit, (map) => ({
    ...map,
    running: map.running + 1,
    total: map.total - (items - 1),
  }));
}

/** A state of the frame failed and nothing caught it: what the item failed of. */
export function noteFailure(fold: RunFold, frame: number, error: string, cause: string): RunFold {
  const fact = fold.frames.get(frame);
  if (fact === undefined || fact.map === null) return fold;
  const failure = { error, cause: shortened(cause) };
  return { ...fold, frames: fold.frames.set(frame, { ...fact, failure }) };
}

export function endFrame(fold: RunFold, frame: number, how: 'succeeded' | 'aborted'): RunFold {
  const fact = fold.frames.get(frame);
  if (fact === undefined) return fold;
  const ended = { ...fold, frames: fold.frames.delete(frame) };
  if (fact.map === null) return ended;
  return changeMap(ended, fact.map, (map) => settle(map, fact, how));
}

function settle(map: MapFact, { item, failure }: FrameFact, how: 'succeeded' | 'aborted'): MapFact {
  const rest = { ...map, running: Math.max(0, map.running - 1) };
  if (how === 'succeeded') return { ...rest, succeeded: map.succeeded + 1 };
  if (failure === undefined) return { ...rest, cancelled: map.cancelled + 1 };
  const failures = map.failures.length < MOST_FAILURES ? [...map.failures, { ...item, ...failure }] : map.failures;
  return { ...rest, failed: map.failed + 1, failures };
}

/** The state is left: what it still counts as running was given up. */
export const endMap = (fold: RunFold, visit: number, at: string): RunFold =>
  fold.mapVisits.has(visit)
    ? changeMap({ ...fold, mapVisits: fold.mapVisits.delete(visit) }, visit, (map) => ({ ...map, endedAt: at }))
    : fold;

function changeMap(fold: RunFold, visit: number, change: (map: MapFact) => MapFact): RunFold {
  const at = fold.maps.findLastIndex((map) => map.visit === visit);
  const map = at < 0 ? undefined : fold.maps.get(at);
  return map === undefined ? fold : { ...fold, maps: fold.maps.set(at, change(map)) };
}

/** A Map that is taken up by another run, or again, has these behind it. */
export const countedSoFar = (fold: RunFold, visit: number, succeeded: number, failed: number): RunFold =>
  changeMap(fold, visit, (map) => ({ ...map, succeeded, failed }));

export const NO_MAPS: List<MapFact> = List();
