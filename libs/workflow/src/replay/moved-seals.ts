import { isJsonObject, type Json } from '@baton/asl';
import { fromSnapshot, RunSnapshot, toSnapshot } from '../state/run-snapshot.js';
import type { RunCut } from '../state/run-state.js';

/*
 * What is personal in a run is sealed for that run alone, and for a fork it is sealed anew, under the same key: ADR 47. Nobody
 * can seal it so once more, with the same bytes. That the fork names the same key in the same places is what can be said of it.
 */

/** The cut with its sealed values as the copy has them, where that has a value sealed with the same key. */
export function withSealsOf(cut: RunCut, carry: RunSnapshot): RunCut {
  const text = JSON.stringify(carry);
  if (!text.includes('"$sealed"')) return cut;
  const before: Json = JSON.parse(JSON.stringify(toSnapshot(cut.state)));
  const moved = movedSeals(before, JSON.parse(text));
  return { ...cut, state: fromSnapshot(RunSnapshot.parse(moved)) };
}

function movedSeals(value: Json, copy: Json | undefined): Json {
  if (Array.isArray(value)) {
    const others = Array.isArray(copy) ? copy : [];
    return value.map((item: Json, at) => movedSeals(item, others[at]));
  }
  if (!isJsonObject(value)) return value;
  const key = keyOf(value);
  if (key !== null) return copy !== undefined && keyOf(copy) === key ? copy : value;
  const other = copy !== undefined && isJsonObject(copy) ? copy : {};
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, movedSeals(member, other[name])]));
}

/** The key that a sealed value names; null for any other value. */
function keyOf(value: Json): string | null {
  const sealed = isJsonObject(value) ? value.$sealed : undefined;
  if (sealed === undefined || !isJsonObject(sealed)) return null;
  return typeof sealed.key === 'string' ? sealed.key : null;
}
