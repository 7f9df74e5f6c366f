import { nameOfItem } from '@baton/contracts';
import type { Fact } from './facts.js';
import type { ItemFrame, MapProgress, Progress } from './progress.js';

/*
 * How far each Map is, out of the events of its items. An item is told apart by its place and by what names it, as the run's
 * view has it.
 */

const itemName = ({ index, name }: Pick<ItemFrame, 'index' | 'name'>): string =>
  `#${index}${name === null ? '' : ` ${name}`}`;

/** `34 of 300, 2 failed`. */
export const describeMap = ({ total, done, failed }: MapProgress): string =>
  `${done} of ${total}${failed === 0 ? '' : `, ${failed} failed`}`;

export function startMap(
  progress: Progress,
  { visit, items, source }: Extract<Fact, { type: 'MapStarted' }>['data'],
): Progress {
  const map: MapProgress = {
    state: progress.open[visit]?.state ?? 'a Map',
    total: source?.count ?? items.length,
    done: 0,
    failed: 0,
    running: 0,
    isOpen: true,
    newestFailure: null,
  };
  return { ...progress, maps: new Map(progress.maps).set(visit, map) };
}

export function startFrame(
  progress: Progress,
  { frame, parent, input, items = 1 }: Extract<Fact, { type: 'FrameStarted' }>['data'],
): Progress {
  if (parent === null || progress.maps.get(parent.visit) === undefined) return progress;
  const item: ItemFrame = { map: parent.visit, index: parent.branch, name: nameOfItem(input), failure: null };
  progress.items.set(frame, item);
  // Those that were read are counted one by one, and may come as batches.
  return changeMap(progress, parent.visit, (map) => ({
    ...map,
    running: map.running + 1,
    total: map.total - (items - 1),
  }));
}

/** A state of an item failed and nothing caught it. */
export function noteFailure(progress: Progress, visit: number, error: string, cause: string): Progress {
  const frame = progress.open[visit]?.frame ?? -1;
  const item = progress.items.get(frame);
  if (item !== undefined) progress.items.set(frame, { ...item, failure: `${error}: ${cause}` });
  return progress;
}

export function endFrame(progress: Progress, frame: number): Progress {
  const item = progress.items.get(frame);
  if (item === undefined) return progress;
  progress.items.delete(frame);
  const { failure } = item;
  return changeMap(progress, item.map, (map) => ({
    ...map,
    running: map.running - 1,
    done: map.done + 1,
    failed: map.failed + (failure === null ? 0 : 1),
    newestFailure: failure === null ? map.newestFailure : `${itemName(item)} failed: ${failure}`,
  }));
}

export const endMap = (progress: Progress, visit: number): Progress =>
  changeMap(progress, visit, (map) => ({ ...map, isOpen: false }));

function changeMap(progress: Progress, visit: number, change: (map: MapProgress) => MapProgress): Progress {
  const map = progress.maps.get(visit);
  return map === undefined ? progress : { ...progress, maps: new Map(progress.maps).set(visit, change(map)) };
}

const STEPS_TOLD = 10;

/** Whether so many being done is worth a line: each of a few, every tenth part of many. */
const isWorthALine = ({ total, done }: MapProgress): boolean =>
  total <= STEPS_TOLD || Math.floor((done * STEPS_TOLD) / total) !== Math.floor(((done - 1) * STEPS_TOLD) / total);

/** Whether a state works on one of so many items that the lines of their Map tell of it. */
export function isOneOfMany(progress: Progress, visit: number): boolean {
  const item = progress.items.get(progress.open[visit]?.frame ?? -1);
  return item !== undefined && (progress.maps.get(item.map)?.total ?? 0) > STEPS_TOLD;
}

/** What changed in Maps by one event: failures first. */
export function mapLines(before: Progress, after: Progress): readonly string[] {
  if (before.maps === after.maps) return [];
  return [...after.maps].flatMap(([visit, map]) => {
    const old = before.maps.get(visit);
    if (old === map) return [];
    if (old === undefined) return [`${map.state}: ${map.total} ${map.total === 1 ? 'item' : 'items'}`];
    if (old.done === map.done) return [];
    return [
      ...(map.failed > old.failed && map.newestFailure !== null ? [`${map.state} ${map.newestFailure}`] : []),
      ...(isWorthALine(map) ? [`${map.state}: ${describeMap(map)}`] : []),
    ];
  });
}
