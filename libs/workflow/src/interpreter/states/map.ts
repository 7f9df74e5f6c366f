import { ErrorName, isJsonObject, type Json, type MapState, preview } from '@baton/asl';
import type { RunEventOf } from '../../events/run-event.js';
import { ReadItems } from '../../state/map-progress.js';
import type { VisitState } from '../../state/run-state.js';
import type { ItemList } from '../data/context.js';
import {
  type Evaluated,
  evaluateIn,
  type FailedVisit,
  failedVisit,
  failureIn,
  queryIn,
  runtimeFailure,
} from '../data/evaluation.js';
import { inputOf } from '../data/paths.js';
import { COUNT, PERCENTAGE, quantityIn } from '../data/quantity.js';
import { emit, queryLanguageOf, type Turn } from '../turn/turn.js';
import { itemSettled } from './leave-state.js';
import { batchesOf } from './map-batches.js';
import { askForItems } from './map-tasks.js';

/** Finds out what a Map works through, and starts the first items; or has them read, where they are elsewhere. */
export async function startMap(turn: Turn, visit: VisitState, state: MapState): Promise<FailedVisit | null> {
  if (state.ItemReader !== undefined) return askForItems(turn, visit, state, state.ItemReader);
  const found = await itemsOf(turn, visit, state);
  if (!found.ok) return failedVisit(visit, found.failure);
  const bounds = await boundsOf(turn, visit, state);
  if (!bounds.ok) return failedVisit(visit, bounds.failure);
  const batches: Evaluated<ItemList> =
    state.ItemBatcher === undefined ? found : await batchesOf(turn, visit, state, found.value);
  if (!batches.ok) return failedVisit(visit, batches.failure);
  const { items, keys } = batches.value;
  const list = { items: [...items], ...(keys === undefined ? {} : { keys: [...keys] }) };
  emit(turn, { type: 'MapStarted', data: { visit: visit.visit, ...list, ...bounds.value } });
  return itemSettled(turn, visit.visit);
}

/** The items of a Map were read: it begins. */
export async function startRead(
  turn: Turn,
  visit: VisitState,
  state: MapState,
  told: Json,
): Promise<FailedVisit | null> {
  const source = ReadItems.safeParse(told);
  if (!source.success) {
    const problem = 'What was given for the items that were read does not say what they are.';
    return failedVisit(visit, { ...failureIn(visit, ErrorName.itemReaderFailed, problem), isRetryable: false });
  }
  const bounds = await boundsOf(turn, visit, state);
  if (!bounds.ok) return failedVisit(visit, bounds.failure);
  emit(turn, { type: 'MapStarted', data: { visit: visit.visit, items: [], source: source.data, ...bounds.value } });
  return itemSettled(turn, visit.visit);
}

type Bounds = Pick<RunEventOf<'MapStarted'>['data'], 'maxConcurrency' | 'toleratedCount' | 'toleratedPercentage'>;

async function boundsOf(turn: Turn, visit: VisitState, state: MapState): Promise<Evaluated<Bounds>> {
  const concurrency = await quantityIn(turn, visit, state, 'MaxConcurrency', COUNT);
  if (!concurrency.ok) return concurrency;
  const count = await quantityIn(turn, visit, state, 'ToleratedFailureCount', COUNT);
  if (!count.ok) return count;
  const percentage = await quantityIn(turn, visit, state, 'ToleratedFailurePercentage', PERCENTAGE);
  if (!percentage.ok) return percentage;
  const [toleratedCount, toleratedPercentage] = [count.value, percentage.value];
  return { ok: true, value: { maxConcurrency: concurrency.value ?? 0, toleratedCount, toleratedPercentage } };
}

async function itemsOf(turn: Turn, visit: VisitState, state: MapState): Promise<Evaluated<ItemList>> {
  if (queryLanguageOf(turn, visit, state) === 'JSONPath') {
    const input = await inputOf(turn, visit, state);
    if (!input.ok) return input;
    const found =
      state.ItemsPath === undefined ? input : await queryIn(turn, visit, 'ItemsPath', state.ItemsPath, input.value);
    if (!found.ok) return found;
    const items = itemsIn(found.value, state.ItemsPath !== undefined);
    if (items !== null) return { ok: true, value: items };
    const problem = `The Map state works through an array, but ${state.ItemsPath ?? 'its input'} is ${shown(found.value)}.`;
    return { ok: false, failure: runtimeFailure(visit, problem) };
  }
  const found: Evaluated<Json> =
    state.Items === undefined ? { ok: true, value: visit.input } : await evaluateIn(turn, visit, 'Items', state.Items);
  if (!found.ok) return found;
  const items = itemsIn(found.value, isJsonObject(state.Items));
  if (items !== null) return { ok: true, value: items };
  const subject = state.Items === undefined ? 'Map state input' : `The result of the field 'Items'`;
  const problem = `${subject} must be an array but was: ${shown(found.value)}`;
  return { ok: false, failure: failureIn(visit, ErrorName.queryEvaluation, problem) };
}

/**
 * The items of a list, or the members of an object with their names. In the recorded service an expression, or the input
 * of the state, that gives an object is a mistake; one that the definition writes out, or that a path leads to, is meant.
 */
function itemsIn(value: Json, mayBeObject: boolean): ItemList | null {
  if (isList(value)) return { items: value };
  return mayBeObject && isJsonObject(value) ? { items: Object.values(value), keys: Object.keys(value) } : null;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const shown = (value: Json): string => preview(value, 1_000);
