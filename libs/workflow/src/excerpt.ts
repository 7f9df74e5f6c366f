import { isJsonObject, type Json } from '@baton/asl';

/* Parts of values that may be of any size, for readers whose time or context is bounded. */

const DEEPEST = 8;
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/** The first characters of a text, and a sign that there are more. Never half a character. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, Math.max(0, most - 2)).replace(HIGH_SURROGATE, '')} …`;
}

/** A part of a value, and whether it is only a part. */
export interface Excerpt {
  readonly value: Json;
  readonly isCut: boolean;
}

/**
 * As much of a value as fits: its first members and items, long texts cut, nothing deeper than eight levels.
 * @param most characters of JSON that the excerpt has at most; at least 4
 */
export function excerptOf(value: Json, most: number): Excerpt {
  const room = { left: most, isCut: false };
  const taken = take(value, room, 0);
  return { value: taken === undefined ? null : taken, isCut: room.isCut };
}

interface Room {
  left: number;
  isCut: boolean;
}

/** Undefined where there is no room for any of it. */
function take(value: Json, room: Room, depth: number): Json | undefined {
  if (typeof value === 'string') return takeText(value, room);
  if (Array.isArray(value) || isJsonObject(value)) {
    if (room.left < 2 || depth >= DEEPEST) return nothing(room);
    room.left -= 2;
    return Array.isArray(value) ? takeItems(value, room, depth) : takeMembers(value, room, depth);
  }
  const size = JSON.stringify(value).length;
  if (size > room.left) return nothing(room);
  room.left -= size;
  return value;
}

function nothing(room: Room): undefined {
  room.isCut = true;
}

function takeText(text: string, room: Room): string | undefined {
  // Most characters are one in JSON; some are six.
  for (let most = Math.min(text.length, room.left - 2); most >= 0; most = Math.floor(most / 2)) {
    const part = cutText(text, most);
    const size = JSON.stringify(part).length;
    if (size <= room.left) {
      room.left -= size;
      if (part !== text) room.isCut = true;
      return part;
    }
    if (most === 0) break;
  }
  return nothing(room);
}

function takeItems(items: readonly Json[], room: Room, depth: number): Json[] {
  const taken: Json[] = [];
  for (const item of items) {
    room.left -= 1;
    const part = take(item, room, depth + 1);
    if (part === undefined) break;
    taken.push(part);
  }
  if (taken.length < items.length) room.isCut = true;
  return taken;
}

function takeMembers(members: Readonly<Record<string, Json>>, room: Room, depth: number): Json {
  const taken: [string, Json][] = [];
  for (const [name, member] of Object.entries(members)) {
    const size = JSON.stringify(name).length + 2;
    if (size > room.left) {
      room.isCut = true;
      break;
    }
    room.left -= size;
    const part = take(member, room, depth + 1);
    if (part !== undefined) taken.push([name, part]);
  }
  return Object.fromEntries(taken);
}
