import { itemProcessorOf, type Json, type MapState, pointerTo } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import { itemAt, type MapItem } from '../data/context.js';
import { type Evaluated, evaluateIn, type FailedVisit, failedVisit, payloadIn } from '../data/evaluation.js';
import { inputOf } from '../data/paths.js';
import { abortBranches } from '../turn/abort.js';
import { emit, frameOf, isSpent, queryLanguageOf, type Turn, visitOf } from '../turn/turn.js';

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
    const index = visit.map.begun;
    const input = await selectItem(turn, visit, state, itemAt(visit.map, index));
    if (!input.ok) {
      abortBranches(turn, visit, 'an item could not be selected');
      return failedVisit(visit, input.failure);
    }
    const frame = turn.run.nextFrame;
    const parent = { visit: visitNumber, branch: index };
    emit(turn, { type: 'FrameStarted', data: { frame, parent, machine: at, input: input.value } });
    turn.toEnter.push({ frame, state: machine.StartAt, isDecided: false });
  }
}

function hasRoom({ map, outputs }: VisitState): boolean {
  if (map === null || map.begun >= map.items.length) return false;
  const running = map.begun - outputs.size - map.failed;
  return running < (map.maxConcurrency === 0 ? MOST_AT_ONCE : Math.min(map.maxConcurrency, MOST_AT_ONCE));
}

/** What the frame of an item gets. Batches were made of selected items already. */
async function selectItem(turn: Turn, visit: VisitState, state: MapState, item: MapItem): Promise<Evaluated<Json>> {
  return state.ItemBatcher === undefined ? applySelector(turn, visit, state, item) : { ok: true, value: item.value };
}

const ownValue = ({ key, value }: MapItem): Json => (key === undefined ? value : { Key: key, Value: value });

/** What ItemSelector makes of an item; the item itself where there is none, a member of an object as `{ Key, Value }`. */
export async function applySelector(
  turn: Turn,
  visit: VisitState,
  state: MapState,
  item: MapItem,
): Promise<Evaluated<Json>> {
  const selector = state.ItemSelector ?? state.Parameters;
  if (selector === undefined) return { ok: true, value: ownValue(item) };
  if (queryLanguageOf(turn, visit, state) === 'JSONata') {
    return evaluateIn(turn, visit, 'ItemSelector', selector, { item });
  }
  const input = await inputOf(turn, visit, state);
  return input.ok ? payloadIn(turn, visit, 'ItemSelector', selector, input.value, item) : input;
}

/** Whether the Map bears one more failed item: `none` where it was never asked to bear any. */
export function toleranceOf({ map }: VisitState): 'none' | 'holds' | 'exceeded' {
  if (map === null || (map.toleratedCount === null && map.toleratedPercentage === null)) return 'none';
  const failed = map.failed + 1;
  const byCount = map.toleratedCount === null || failed <= map.toleratedCount;
  const byShare = map.toleratedPercentage === null || failed * 100 <= map.toleratedPercentage * map.items.length;
  return byCount && byShare ? 'holds' : 'exceeded';
}
