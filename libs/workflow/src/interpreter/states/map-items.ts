import { itemProcessorOf, type MapState, pointerTo } from '@baton/asl';
import type { RunEventOf } from '../../events/run-event.js';
import { hasNext, hasPageLeft, itemCount, type MapProgress } from '../../state/map-progress.js';
import type { VisitState } from '../../state/run-state.js';
import { itemAt } from '../data/context.js';
import { type Evaluated, type FailedVisit, failedVisit } from '../data/evaluation.js';
import { abortBranches } from '../turn/abort.js';
import { emit, frameOf, isSpent, type Turn, visitOf } from '../turn/turn.js';
import { nextBatch } from './map-batches.js';
import { askForPage } from './map-tasks.js';
import { applySelector } from './select-item.js';

/**
 * Items of a Map that run at once, however many it allows. Each begins with three events and a task: ten thousand in one
 * decision were 30,000 events in one transaction, and every other run waited for more than four seconds. The service that
 * the language comes from stops at 40.
 */
const MOST_AT_ONCE = 1_000;

/** Starts frames for the next items of a Map, until as many run as may at once. */
export async function startItems(turn: Turn, visitNumber: number, state: MapState): Promise<FailedVisit | null> {
  const { path, machine } = itemProcessorOf(state);
  const at = [...path].reduce<string>(
    pointerTo,
    ['States', visitOf(turn, visitNumber).state].reduce(
      pointerTo,
      frameOf(turn, visitOf(turn, visitNumber).frame).machine,
    ),
  );
  for (;;) {
    const visit = visitOf(turn, visitNumber);
    if (visit.map === null || !hasRoom(visit)) return null;
    if (isSpent(turn)) {
      turn.isBrokenOff = true;
      return null;
    }
    if (!hasNext(visit.map)) {
      askForPage(turn, visit);
      return null;
    }
    const next = await nextOf(turn, visit, state, visit.map);
    if (!next.ok) {
      abortBranches(turn, visit, 'an item could not be selected');
      return failedVisit(visit, next.failure);
    }
    const frame = turn.run.nextFrame;
    const parent = { visit: visitNumber, branch: visit.map.begun };
    emit(turn, { type: 'FrameStarted', data: { frame, parent, machine: at, ...next.value } });
    turn.toEnter.push({ frame, state: machine.StartAt, isDecided: false });
  }
}

function hasRoom({ map, outputs }: VisitState): boolean {
  if (map === null || !(hasNext(map) || hasPageLeft(map))) return false;
  const running = map.begun - outputs.size - map.failed;
  return running < (map.maxConcurrency === 0 ? MOST_AT_ONCE : Math.min(map.maxConcurrency, MOST_AT_ONCE));
}

type Next = Pick<RunEventOf<'FrameStarted'>['data'], 'input' | 'items'>;

/** What the next frame gets. Of the data of the state batches were made already; of items that were read they are made now. */
async function nextOf(turn: Turn, visit: VisitState, state: MapState, map: MapProgress): Promise<Evaluated<Next>> {
  const { source, begun: index } = map;
  if (state.ItemBatcher === undefined) {
    const value = source?.held[source.taken] ?? null;
    const item = source === undefined ? itemAt(map, index) : { index, value };
    const input = await applySelector(turn, visit, state, item);
    return input.ok ? { ok: true, value: { input: input.value } } : input;
  }
  if (source === undefined) return { ok: true, value: { input: itemAt(map, index).value } };
  const next = await nextBatch(turn, visit, state);
  return next.ok ? { ok: true, value: { input: next.value.batch, items: next.value.items } } : next;
}

/**
 * Whether the Map bears that one more frame fails: `none` where it was never asked to bear any. Of items that were read each of
 * a batch counts, since nobody knows how many batches there will be.
 */
export function toleranceOf({ map }: VisitState, branch: number): 'none' | 'holds' | 'exceeded' {
  if (map === null || (map.toleratedCount === null && map.toleratedPercentage === null)) return 'none';
  const { source } = map;
  const failed = source === undefined ? map.failed + 1 : source.failedItems + (source.running.get(branch)?.items ?? 1);
  const byCount = map.toleratedCount === null || failed <= map.toleratedCount;
  const byShare = map.toleratedPercentage === null || failed * 100 <= map.toleratedPercentage * itemCount(map);
  return byCount && byShare ? 'holds' : 'exceeded';
}
