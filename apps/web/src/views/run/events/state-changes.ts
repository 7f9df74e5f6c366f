import { pointerTo } from '../../../parts/json-tree/json-lines.js';

/*
 * What became different from one state of a run to the next, in words. Items of lists that have a number or an id of their
 * own are told apart by it, so that one that is gone does not make all behind it different.
 */

interface Change {
  readonly kind: 'added' | 'removed' | 'changed';
  /** Where it stands in the later state; where it stood, of what is gone. */
  readonly pointer: string;
  readonly text: string;
}

export interface Changes {
  readonly changes: readonly Change[];
  readonly isCut: boolean;
}

const MOST = 200;
const IDS = ['commandId', 'decisionId', 'visit', 'frame', 'signalId'] as const;

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  readonly pointer: string;
  readonly name: string;
}

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const has = (value: Members, name: string): boolean => Object.hasOwn(value, name);

/** The name of the member by which items of both lists are told apart, if there is one. */
function idOf(items: readonly unknown[]): string | null {
  if (items.length === 0 || !items.every(isMembers)) return null;
  return IDS.find((id) => items.every((item) => isMembers(item) && has(item, id))) ?? null;
}

function idsOf(items: readonly unknown[], id: string): Map<unknown, number> {
  return new Map(items.map((item, at) => [isMembers(item) ? item[id] : at, at]));
}

const NOTHING = Symbol('nothing');

function pairsOfLists(before: readonly unknown[], after: readonly unknown[], { pointer, name }: Pair): Pair[] {
  const id = idOf([...before, ...after]);
  const [old, fresh] = id === null ? [null, null] : [idsOf(before, id), idsOf(after, id)];
  if (id === null || old === null || fresh === null || old.size !== before.length || fresh.size !== after.length) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => ({
      before: at < before.length ? before[at] : NOTHING,
      after: at < after.length ? after[at] : NOTHING,
      pointer: pointerTo(pointer, at),
      name: `${name}[${at}]`,
    }));
  }
  return [...new Set([...old.keys(), ...fresh.keys()])].map((key) => {
    const [was, is] = [old.get(key), fresh.get(key)];
    return {
      before: was === undefined ? NOTHING : before[was],
      after: is === undefined ? NOTHING : after[is],
      pointer: pointerTo(pointer, is ?? was ?? 0),
      name: `${name}, ${id} ${String(key)}`,
    };
  });
}

function pairsOfMembers(before: Members, after: Members, { pointer, name }: Pair): Pair[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => ({
    before: has(before, key) ? before[key] : NOTHING,
    after: has(after, key) ? after[key] : NOTHING,
    pointer: pointerTo(pointer, key),
    name: name === '' ? key : `${name}.${key}`,
  }));
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? 'a list of 1' : `a list of ${value.length}`;
  if (isMembers(value)) return typeof value.state === 'string' ? `state ${value.state}` : 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function changeOf({ before, after, pointer, name }: Pair): Change {
  if (before === NOTHING) return { kind: 'added', pointer, text: `${name} is new: ${brief(after)}` };
  if (after === NOTHING) return { kind: 'removed', pointer, text: `${name} is gone: ${brief(before)}` };
  return { kind: 'changed', pointer, text: `${name}: ${brief(before)} → ${brief(after)}` };
}

/** What both hold, where both hold something of the same kind; null where they are compared as they are. */
function insideOf(pair: Pair): Pair[] | null {
  const { before, after } = pair;
  if (Array.isArray(before) && Array.isArray(after)) return pairsOfLists(before, after, pair);
  return isMembers(before) && isMembers(after) ? pairsOfMembers(before, after, pair) : null;
}

/** @param before the state as it was, any JSON */
export function changesBetween(before: unknown, after: unknown): Changes {
  const changes: Change[] = [];
  const waiting: Pair[] = [{ before, after, pointer: '', name: '' }];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    if (pair.before === pair.after) continue;
    const inside = insideOf(pair);
    if (inside === null) {
      if (changes.length === MOST) return { changes, isCut: true };
      changes.push(changeOf(pair));
      continue;
    }
    for (const each of inside.reverse()) waiting.push(each);
  }
  return { changes, isCut: false };
}
