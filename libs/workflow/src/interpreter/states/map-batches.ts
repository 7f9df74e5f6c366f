import { type Json, type MapState, utf8Length } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import { type ItemList, itemAt } from '../data/context.js';
import { type Evaluated, evaluateIn, payloadIn } from '../data/evaluation.js';
import { inputOf } from '../data/paths.js';
import { quantityIn, SIZE } from '../data/quantity.js';
import { queryLanguageOf, type Turn } from '../turn/turn.js';
import { applySelector } from './select-item.js';

/** How large batches are, and what each of them has beside its items. */
interface Batches {
  readonly most: number;
  readonly mostBytes: number | null;
  readonly common: { readonly BatchInput?: Json };
}

/** Items in groups, each as `{ Items }` with BatchInput beside it; ItemSelector is applied to each item first. */
export async function batchesOf(
  turn: Turn,
  visit: VisitState,
  state: MapState,
  list: ItemList,
): Promise<Evaluated<ItemList>> {
  const rules = await rulesOf(turn, visit, state);
  if (!rules.ok) return rules;
  const { most, mostBytes, common } = rules.value;
  const groups: Json[][] = [];
  let bytes = 0;
  for (const index of list.items.keys()) {
    const selected = await applySelector(turn, visit, state, itemAt(list, index));
    if (!selected.ok) return selected;
    const size = bytesOf(selected.value, mostBytes);
    const last = groups.at(-1);
    const isFull = last === undefined || last.length >= most;
    if (isFull || (mostBytes !== null && bytes + size > mostBytes)) {
      groups.push([selected.value]);
      bytes = size;
    } else {
      last.push(selected.value);
      bytes += size;
    }
  }
  return { ok: true, value: { items: groups.map((Items) => ({ ...common, Items })) } };
}

/** What an item takes of a batch whose bytes are counted. */
const bytesOf = (item: Json, mostBytes: number | null): number =>
  mostBytes === null ? 0 : utf8Length(JSON.stringify(item)) + 1;

/** The next batch of items that were read, all of one page, and how many it has: one at least, however large that is. */
export async function nextBatch(
  turn: Turn,
  visit: VisitState,
  state: MapState,
): Promise<Evaluated<{ readonly batch: Json; readonly items: number }>> {
  const rules = await rulesOf(turn, visit, state);
  if (!rules.ok) return rules;
  const { most, mostBytes, common } = rules.value;
  const { held = [], taken = 0 } = visit.map?.source ?? {};
  const Items: Json[] = [];
  let bytes = 0;
  for (let at = taken; at < held.length && Items.length < most; at += 1) {
    const selected = await applySelector(turn, visit, state, { index: at, value: held[at] ?? null });
    if (!selected.ok) return selected;
    bytes += bytesOf(selected.value, mostBytes);
    if (mostBytes !== null && bytes > mostBytes && Items.length > 0) break;
    Items.push(selected.value);
  }
  return { ok: true, value: { batch: { ...common, Items }, items: Items.length } };
}

async function rulesOf(turn: Turn, visit: VisitState, state: MapState): Promise<Evaluated<Batches>> {
  const batcher = state.ItemBatcher ?? {};
  const most = await quantityIn(turn, visit, state, 'MaxItemsPerBatch', SIZE, batcher);
  if (!most.ok) return most;
  const mostBytes = await quantityIn(turn, visit, state, 'MaxInputBytesPerBatch', SIZE, batcher);
  if (!mostBytes.ok) return mostBytes;
  const common = await batchInputOf(turn, visit, state);
  if (!common.ok) return common;
  const items = most.value ?? Number.POSITIVE_INFINITY;
  return { ok: true, value: { most: items, mostBytes: mostBytes.value, common: common.value } };
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
