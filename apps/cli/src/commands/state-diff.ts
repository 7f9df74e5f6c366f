import type { Json } from '@baton/contracts';

/** Longer values are told by their size: a sentence with a whole file in it is no sentence. */
const MOST_OF_VALUE = 80;

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of lists in a state, most are of things with a number or name of their own, by which they are found again. */
const IDENTITIES = ['frame', 'visit', 'commandId', 'decisionId', 'branch'] as const;

function identityOf(list: readonly Json[]): string | null {
  return IDENTITIES.find((name) => list.every((item) => isObject(item) && item[name] !== undefined)) ?? null;
}

/** A list of things as an object by their names, so that one more at the front does not change all the others. */
function keyed(list: readonly Json[], identity: string): { readonly [key: string]: Json } {
  return Object.fromEntries(
    list.map((item) => {
      if (!isObject(item)) return [String(item), item];
      const name = typeof item.state === 'string' ? ` ${item.state}` : '';
      return [`${identity} ${String(item[identity])}${name}`, item];
    }),
  );
}

function wordOf(value: Json): string {
  const text = JSON.stringify(value);
  if (text.length <= MOST_OF_VALUE) return text;
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return `an object with ${Object.keys(value ?? {}).join(', ')}`.slice(0, MOST_OF_VALUE);
}

function membersOf(value: Json, other: Json): { readonly [key: string]: Json } | null {
  if (isObject(value)) return value;
  if (!Array.isArray(value) || !Array.isArray(other)) return null;
  const identity = identityOf([...value, ...other]);
  return identity === null ? null : keyed(value, identity);
}

/**
 * What differs between two states, one sentence for each place: `variables plan: was …, is …`.
 * The order is that of the newer state; what is gone comes last.
 */
export function describeChanges(before: Json, after: Json, place: readonly string[] = []): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [old, now] = [membersOf(before, after), membersOf(after, before)];
  if (old === null || now === null || Array.isArray(before) !== Array.isArray(after)) {
    return [`${place.join(' › ') || 'the state'}: was ${wordOf(before)}, is ${wordOf(after)}`];
  }
  const known = Object.entries(now).flatMap(([name, value]) => {
    const path = [...place, name];
    const earlier = Object.hasOwn(old, name) ? old[name] : undefined;
    return earlier === undefined
      ? [`${path.join(' › ')}: new, ${wordOf(value)}`]
      : describeChanges(earlier, value, path);
  });
  const gone = Object.entries(old)
    .filter(([name]) => !Object.hasOwn(now, name))
    .map(([name, value]) => `${[...place, name].join(' › ')}: gone, was ${wordOf(value)}`);
  return [...known, ...gone];
}
