import { isJsonObject } from '@baton/asl';
import type { Json } from '@baton/contracts';

/** An event on one side of a difference. */
export interface ShownEvent {
  readonly type: string;
  readonly data: Json;
}

/** The first place at which a log and what is decided by it part. */
export interface ReplayDifference {
  /** Of the event in its run. */
  readonly version: number;
  /** Of the event in the log; null where the log ends before it. */
  readonly position: number | null;
  /** What is wrong, in a sentence. */
  readonly problem: string;
  /** Null where the log has nothing there. */
  readonly recorded: ShownEvent | null;
  /** Null where nothing is decided there. */
  readonly decided: ShownEvent | null;
}

/** More places are not told: whoever looks sees both sides whole. */
const MOST_PLACES = 5;

/** JSON pointers of the places where two values differ, a few of them. */
export function placesThatDiffer(one: Json, other: Json): readonly string[] {
  const found: string[] = [];
  const look = (a: Json | undefined, b: Json | undefined, at: string): void => {
    if (found.length >= MOST_PLACES || a === b) return;
    const [left, right] = [membersOf(a), membersOf(b)];
    if (left === null || right === null || Array.isArray(a) !== Array.isArray(b)) {
      found.push(at === '' ? '/' : at);
      return;
    }
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      look(left.get(name), right.get(name), `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  };
  look(one, other, '');
  return found;
}

function membersOf(value: Json | undefined): ReadonlyMap<string, Json> | null {
  if (Array.isArray(value)) return new Map(value.map((item: Json, at) => [String(at), item]));
  return isJsonObject(value) ? new Map(Object.entries(value)) : null;
}
