import { ErrorName, isJsonObject, type Json, type MapState, preview, utf8Length } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import { type ItemList, itemAt } from '../data/context.js';
import {
  type Evaluated,
  evaluateIn,
  type FailedVisit,
  failedVisit,
  failureIn,
  payloadIn,
  queryIn,
  runtimeFailure,
} from '../data/evaluation.js';
import { inputOf } from '../data/paths.js';
import { COUNT, PERCENTAGE, quantityIn, SIZE } from '../data/quantity.js';
import { emit, queryLanguageOf, type Turn } from '../turn/turn.js';
import { itemSettled } from './leave-state.js';
import { applySelector } from './map-items.js';

/** Finds out what a Map works through, and starts the first items. */
export async function startMap(turn: Turn, visit: VisitState, state: MapState): Promise<FailedVisit | null> {
  const found = await itemsOf(turn, visit, state);
  if (!found.ok) return failedVisit(visit, found.failure);
  const concurrency = await quantityIn(turn, visit, state, 'MaxConcurrency', COUNT);
  if (!concurrency.ok) return failedVisit(visit, concurrency.failure);
  const count = await quantityIn(turn, visit, state, 'ToleratedFailureCount', COUNT);
  if (!count.ok) return failedVisit(visit, count.failure);
  const percentage = await quantityIn(turn, visit, state, 'ToleratedFailurePercentage', PERCENTAGE);
  if (!percentage.ok) return failedVisit(visit, percentage.failure);
  const batches: Evaluated<ItemList> =
    state.ItemBatcher === undefined ? found : await batchesOf(turn, visit, state, found.value);
  if (!batches.ok) return failedVisit(visit, batches.failure);
  emit(turn, {
    type: 'MapStarted',
    data: {
      visit: visit.visit,
      items: [...batches.value.items],
      ...(batches.value.keys === undefined ? {} : { keys: [...batches.value.keys] }),
      maxConcurrency: concurrency.value ?? 0,
      toleratedCount: count.value,
      toleratedPercentage: percentage.value,
    },
  });
  return itemSettled(turn, visit.visit);
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

/** Items in groups, each as `{ Items }` with BatchInput beside it; ItemSelector is applied to each item first. */
async function batchesOf(turn: Turn, visit: VisitState, state: MapState, list: ItemList): Promise<Evaluated<ItemList>> {
  const batcher = state.ItemBatcher ?? {};
  const most = await quantityIn(turn, visit, state, 'MaxItemsPerBatch', SIZE, batcher);
  if (!most.ok) return most;
  const mostBytes = await quantityIn(turn, visit, state, 'MaxInputBytesPerBatch', SIZE, batcher);
  if (!mostBytes.ok) return mostBytes;
  const common = await batchInputOf(turn, visit, state);
  if (!common.ok) return common;
  const groups: Json[][] = [];
  let bytes = 0;
  for (const index of list.items.keys()) {
    const selected = await applySelector(turn, visit, state, itemAt(list, index));
    if (!selected.ok) return selected;
    const size = mostBytes.value === null ? 0 : utf8Length(JSON.stringify(selected.value)) + 1;
    const last = groups.at(-1);
    const isFull = last === undefined || last.length >= (most.value ?? Number.POSITIVE_INFINITY);
    if (isFull || (mostBytes.value !== null && bytes + size > mostBytes.value)) {
      groups.push([selected.value]);
      bytes = size;
    } else {
      last.push(selected.value);
      bytes += size;
    }
  }
  return { ok: true, value: { items: groups.map((Items) => ({ ...common.value, Items })) } };
}

async function batchInputOf(
  turn: Turn,
  visit: VisitState,
  state: MapState,
): Promise<Evaluated<{ readonly BatchInput?: Json }>> {
  const template = state.ItemBatcher?.BatchInput;
  if (template === undefined) return { ok: true, value: {} };
  const input = await inputOf(turn, visit, state);
  if (!input.ok) return input;
  const evaluated =
    queryLanguageOf(turn, visit, state) === 'JSONata'
      ? await evaluateIn(turn, visit, 'BatchInput', template)
      : await payloadIn(turn, visit, 'BatchInput', template, input.value);
  return evaluated.ok ? { ok: true, value: { BatchInput: evaluated.value } } : evaluated;
}
