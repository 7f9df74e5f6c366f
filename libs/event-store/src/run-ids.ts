import type { RunId } from '@baton/contracts';

/** The lowest and the highest id that begin with a prefix; null where none can. An index finds what lies between. */
export function runIdsFrom(prefix: string): { readonly lowest: RunId; readonly highest: RunId } | null {
  if (!/^[0-9a-f-]{1,36}$/i.test(prefix)) return null;
  const lowest = fill(prefix, '0');
  const highest = fill(prefix, 'f');
  return lowest === null || highest === null ? null : { lowest, highest };
}

/** A UUID made from a prefix by filling its 32 digits up; null when the prefix has dashes at wrong places. */
function fill(prefix: string, digit: string): string | null {
  const digits = prefix.toLowerCase().replaceAll('-', '');
  if (digits.length > 32) return null;
  const all = digits.padEnd(32, digit);
  const uuid = [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20)].join('-');
  return uuid.startsWith(prefix.toLowerCase()) ? uuid : null;
}
