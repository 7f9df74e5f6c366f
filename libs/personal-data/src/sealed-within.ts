import type { Json } from '@baton/contracts';
import { eachMember } from './places.js';
import { isSealed, type SealedValue } from './sealed-value.js';

/** A copy in which every sealed value is what `change` makes of it; the same value where there is none. */
export function changeSealed(json: Json, change: (sealed: SealedValue) => Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (isSealed(json)) return change(json);
  return eachMember(json as readonly Json[] | { readonly [name: string]: Json }, (member) =>
    changeSealed(member, change),
  );
}

/** All sealed values within. */
export function sealedIn(json: Json): readonly SealedValue[] {
  const found: SealedValue[] = [];
  changeSealed(json, (sealed) => {
    found.push(sealed);
    return sealed;
  });
  return found;
}

/** Whether a JSON text may hold a sealed value: quick, and never wrong where it says no. */
export const mayHoldSealed = (text: string): boolean => text.includes('"$sealed"');
