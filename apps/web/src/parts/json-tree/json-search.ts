import { aboveOf, placesIn, wholeOf } from './json-lines.js';

export interface JsonFound {
  /** Pointers, in the order of the value. */
  readonly found: readonly string[];
  /** What must be open for them to be seen. */
  readonly above: ReadonlySet<string>;
  /** Whether there are more than these. */
  readonly isCut: boolean;
}

const MOST = 1_000;
const NONE: JsonFound = { found: [], above: new Set(), isCut: false };

const holds = (value: unknown, wanted: string): boolean =>
  (typeof value !== 'object' || value === null) && String(value).toLowerCase().includes(wanted);

/** Members whose name, and values whose text, has what is looked for in it, whatever its case. */
export function searchJson(value: unknown, text: string): JsonFound {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return NONE;
  const found: string[] = [];
  const above = new Set<string>();
  const waiting = [wholeOf(value)];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { key } = place;
    if ((typeof key === 'string' && key.toLowerCase().includes(wanted)) || holds(place.value, wanted)) {
      if (found.length === MOST) return { found, above, isCut: true };
      found.push(place.pointer);
      for (const pointer of aboveOf(place.pointer)) above.add(pointer);
    }
    // One by one: so many arguments as a long list has items are too many for one call.
    for (const inside of placesIn(place).reverse()) waiting.push(inside);
  }
  return { found, above, isCut: false };
}
