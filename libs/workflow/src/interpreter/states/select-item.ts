import type { Json, MapState } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import type { MapItem } from '../data/context.js';
import { type Evaluated, evaluateIn, payloadIn } from '../data/evaluation.js';
import { inputOf } from '../data/paths.js';
import { queryLanguageOf, type Turn } from '../turn/turn.js';

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
