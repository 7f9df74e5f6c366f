/*
 * A JSON value as lines, of what is open alone: a value of megabytes costs what is seen of it. Nothing here calls itself,
 * since a value of somebody else may be nested as deep as it likes.
 */

/** One value of the whole, and what leads to it. Each knows only its holder: a list of all keys for each costs too much where it is deep. */
interface Place {
  /** RFC 6901: where it stands in the whole. */
  readonly pointer: string;
  /** Its name or index; null of the whole. */
  readonly key: string | number | null;
  readonly holder: Place | null;
  readonly depth: number;
  readonly value: unknown;
}

export interface JsonLine extends Place {
  /** How many members or items are in it; null where it holds none by its nature. */
  readonly size: number | null;
  readonly isArray: boolean;
  readonly isOpen: boolean;
}

/** What somebody opened or closed by hand, and what is opened for them. */
export interface Opened {
  readonly byHand: ReadonlyMap<string, boolean>;
  readonly forSearch: ReadonlySet<string>;
  /** Levels that are open at first. */
  readonly levels: number;
}

/** What has more in it stays closed at first. */
const FEW = 100;

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

export const pointerTo = (parent: string, key: string | number): string =>
  `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

function sizeOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return isHolder(value) ? Object.keys(value).length : null;
}

export const wholeOf = (value: unknown): Place => ({ pointer: '', key: null, holder: null, depth: 0, value });

/** What is directly in a value, in its order. */
export function placesIn(holder: Place): Place[] {
  const { value, depth } = holder;
  if (!isHolder(value)) return [];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.map(([key, inside]) => ({
    pointer: pointerTo(holder.pointer, key),
    key,
    holder,
    depth: depth + 1,
    value: inside,
  }));
}

const isOpen = ({ pointer, depth }: Place, size: number, { byHand, forSearch, levels }: Opened): boolean =>
  byHand.get(pointer) ?? (forSearch.has(pointer) || depth === 0 || (depth < levels && size <= FEW));

/** The lines that are seen: each value, and below it what is in it where that is open. */
export function linesOf(value: unknown, opened: Opened): JsonLine[] {
  const lines: JsonLine[] = [];
  const waiting: Place[] = [wholeOf(value)];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const size = sizeOf(place.value);
    const open = size !== null && size > 0 && isOpen(place, size, opened);
    lines.push({ ...place, size, isArray: Array.isArray(place.value), isOpen: open });
    if (!open) continue;
    const inside = placesIn(place);
    for (let at = inside.length - 1; at >= 0; at--) waiting.push(inside[at] ?? place);
  }
  return lines;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** As an expression of a workflow (JSONata) reads it: `$.frames[0].variables`, with odd names in backticks; of the whole, `$`. */
export function pathOf(place: Place): string {
  const keys: (string | number)[] = [];
  for (let at: Place | null = place; at !== null; at = at.holder) if (at.key !== null) keys.push(at.key);
  const path = keys.reverse().map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return NAME.test(key) ? `.${key}` : `.\`${key}\``;
  });
  return `$${path.join('')}`;
}

/** Pointers of everything that leads to one. */
export function aboveOf(pointer: string): string[] {
  const above: string[] = [];
  for (let at = pointer.lastIndexOf('/'); at >= 0; at = pointer.lastIndexOf('/', at - 1)) {
    above.push(pointer.slice(0, at));
    if (at === 0) break;
  }
  return above;
}
