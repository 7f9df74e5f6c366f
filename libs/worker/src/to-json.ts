import { isNestedWithin, Json, MAX_NESTING } from '@baton/contracts';
import { z } from 'zod';

/** The output stands within a message, and the message must stay within the bound. */
const ENVELOPE_LEVELS = 1;
const DEEPEST = MAX_NESTING - ENVELOPE_LEVELS;

export type ToJson = { readonly ok: true; readonly json: Json } | { readonly ok: false; readonly problem: string };

/**
 * A value as it travels. What JSON would change or leave out without a word (NaN, a Map, a function) is a problem with its
 * place, like what it cannot hold at all; a member that is undefined is as good as absent.
 */
export function toJson(value: unknown): ToJson {
  try {
    const problem = problemOf(value, [], []);
    if (problem !== null) return { ok: false, problem };
    const json: unknown = JSON.parse(JSON.stringify(value));
    if (!isNestedWithin(json, DEEPEST)) return { ok: false, problem: TOO_DEEP };
    return { ok: true, json: Json.parse(json) };
  } catch {
    return { ok: false, problem: 'it is not JSON' };
  }
}

const TOO_DEEP = `it is not JSON that can be sent: it is nested deeper than ${DEEPEST} levels`;

function problemOf(value: unknown, path: readonly PropertyKey[], around: readonly object[]): string | null {
  const given = jsonFormOf(value, path.at(-1));
  const what = misfitOf(given, path);
  if (what !== null) return said(what, path);
  if (typeof given !== 'object' || given === null) return null;
  if (around.includes(given)) return said('it leads back to what it stands in', path);
  if (around.length >= DEEPEST) return TOO_DEEP;
  const inside = [...around, given];
  const members: readonly (readonly [PropertyKey, unknown])[] = Array.isArray(given)
    ? Array.from(given, (item, index) => [index, item])
    : Object.entries(given).filter(([, member]) => member !== undefined);
  for (const [key, member] of members) {
    const problem = problemOf(member, [...path, key], inside);
    if (problem !== null) return problem;
  }
  return null;
}

/** What says itself how it is written as JSON (a Date, a URL) is that. */
function jsonFormOf(value: unknown, key: PropertyKey = ''): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value) || typeof value.toJSON !== 'function')
    return value;
  return value.toJSON(String(key));
}

function misfitOf(value: unknown, path: readonly PropertyKey[]): string | null {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? null : String(value);
    case 'undefined':
      return path.length === 0 ? 'nothing came back' : 'undefined';
    case 'function':
    case 'symbol':
    case 'bigint':
      return `a ${typeof value}`;
    case 'object': {
      if (value === null || Array.isArray(value)) return null;
      const kind = Object.prototype.toString.call(value).slice(8, -1);
      return kind === 'Object' ? null : `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
    }
    default:
      return null;
  }
}

const said = (what: string, path: readonly PropertyKey[]): string =>
  path.length === 0 ? `it is not JSON: ${what}` : `it is not JSON at ${z.core.toDotPath([...path])}: ${what}`;
