/*
 * How much there is to a value, in steps of an evaluation, without doing what would cost them. A step is about a
 * microsecond; the rates were measured with jsonata 2.2 on Node 24 and err on the dear side.
 *
 * Values may share parts: thirty arrays, each of which holds the last one twice, are a billion items to whatever walks
 * through them. So every walk here is given the most it may count, and ends there.
 */

/** Items that are copied or looked at, each without going into it. */
const ITEMS_A_STEP = 64;
/** Values of any depth that are visited one by one. */
const NODES_A_STEP = 16;
/** Characters that are copied or compared. */
const COPIED_A_STEP = 256;
/** Characters that are looked at one by one. */
const READ_A_STEP = 16;

export const itemsCost = (count: number): number => Math.floor(count / ITEMS_A_STEP);
export const copyCost = (characters: number): number => Math.floor(characters / COPIED_A_STEP);
export const readCost = (characters: number): number => Math.floor(characters / READ_A_STEP);

/** The steps of a walk through everything in a value, counted no further than `most` of them. */
export function deepCost(value: unknown, most: number): number {
  if (typeof value === 'string') return copyCost(value.length);
  if (typeof value !== 'object' || value === null) return 0;
  let steps = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && steps <= most) {
    const next = waiting.pop();
    steps += 1 / NODES_A_STEP;
    if (typeof next === 'string') steps += next.length / COPIED_A_STEP;
    else if (typeof next === 'object' && next !== null) {
      for (const name of Object.keys(next)) waiting.push(Reflect.get(next, name));
    }
  }
  return Math.floor(steps);
}

/** The steps of a walk through an array and the arrays in it, counted no further than `most` of them. */
export function listCost(list: readonly unknown[], most: number): number {
  let items = 0;
  const waiting: (readonly unknown[])[] = [list];
  for (let next = waiting.pop(); next !== undefined && items / ITEMS_A_STEP <= most; next = waiting.pop()) {
    items += next.length;
    for (const item of next) if (Array.isArray(item)) waiting.push(item);
  }
  return itemsCost(items);
}

const MOST_LISTS = 100_000;

/**
 * The steps of what JSONata does with a list by calling itself for the lists in it: what it finds in one is handed on to the
 * list around it, and so on, one by one. Counted no further than `most` of them.
 *
 * @param ofObjects whether the names of the members are what is found
 */
export function nestedCost(value: unknown, most: number, ofObjects = false): number {
  if (typeof value !== 'object' || value === null) return 0;
  let items = 0;
  let level: readonly unknown[] = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    const lists = level.filter((each): each is readonly unknown[] => Array.isArray(each));
    // To list a name, and put it down elsewhere, is worth four items.
    if (ofObjects) items += depth * 4 * countMembers(level, most);
    items += depth * lists.reduce((sum, list) => sum + list.length, 0);
    if (items / ITEMS_A_STEP > most) break;
    // Of lists that share their parts there may be more on each level than can be held: what is over does not change the answer.
    level = lists
      .slice(0, MOST_LISTS)
      .flatMap((list) => (ofObjects ? list : list.filter((item) => Array.isArray(item))));
  }
  return itemsCost(items);
}

/**
 * How many members the objects of a list have together, or an object by itself. Lists in lists count as one. Counted until it
 * is worth `most` steps: the same large object may stand in a list again and again.
 */
export function countMembers(value: unknown, most: number): number {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  let members = value.length;
  for (const item of value) {
    if (members > most * NODES_A_STEP) break;
    if (!Array.isArray(item)) members += countMembers(item, most);
  }
  return members;
}

/** The characters of the texts in a list. */
export const countCharacters = (list: readonly unknown[]): number =>
  list.reduce((sum: number, item) => sum + (typeof item === 'string' ? item.length : 0), 0);
