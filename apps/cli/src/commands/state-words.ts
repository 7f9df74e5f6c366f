import type { Json } from '@baton/contracts';
import { z } from 'zod';
import { formatScores } from '../progress/lines.js';

/*
 * What became different between two states of a run, as far as a person cares: how it stands, where it is, its variables,
 * what it spent, what went wrong. What the engine keeps for itself (counters, frames, commands) is left out.
 */

const Visit = z.object({ visit: z.int(), state: z.string(), attempts: z.int().default(0) });
const Frame = z.object({ frame: z.int(), variables: z.record(z.string(), z.json()).default({}) });
const State = z.object({
  status: z.string().default('new'),
  isPaused: z.boolean().default(false),
  phase: z.string().nullable().default(null),
  frames: z.array(Frame).catch([]).default([]),
  visits: z.array(Visit).catch([]).default([]),
  scores: z
    .array(z.object({ phase: z.string(), round: z.number(), scores: z.record(z.string(), z.number()) }))
    .catch([])
    .default([]),
  spent: z.object({ usd: z.number(), tokens: z.number() }).catch({ usd: 0, tokens: 0 }).default({ usd: 0, tokens: 0 }),
  errorCount: z.int().catch(0).default(0),
  output: z.json().default(null),
  error: z.string().nullable().default(null),
  cause: z.string().nullable().default(null),
});
type State = z.infer<typeof State>;

/** Longer texts are told by their length. */
const MOST_OF_TEXT = 40;
/** Places of one variable that are told one by one. */
const MOST_PLACES = 6;

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function wordOf(value: Json): string {
  if (typeof value === 'string') {
    return value.length <= MOST_OF_TEXT ? JSON.stringify(value) : `a text of ${value.length} characters`;
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (!isObject(value)) return String(value);
  const names = Object.keys(value);
  const shown = names.slice(0, 5).join(', ');
  return names.length === 0 ? 'an empty object' : `an object with ${shown}${names.length > 5 ? ', …' : ''}`;
}

/** One sentence for each thing that is different, most important first; none where a person would see no difference. */
export function changesInWords(before: Json, after: Json): readonly string[] {
  const [old, now] = [State.parse(before), State.parse(after)];
  return [
    ...changed(old.status, now.status, (was, is) => `The run is ${is}; it was ${was}.`),
    ...changed(old.isPaused, now.isPaused, (_, is) => `The run is ${is ? 'paused' : 'paused no more'}.`),
    ...changed(old.error, now.error, (_, is) =>
      is === null ? 'It has no error any more.' : `It failed with ${is}: ${now.cause ?? ''}`.trimEnd(),
    ),
    ...changed(old.phase, now.phase, (was, is) => `The phase is ${is ?? 'none'}; it was ${was ?? 'none'}.`),
    ...visitWords(old.visits, now.visits),
    ...roundWords(old, now),
    ...variableWords(old.frames, now.frames),
    ...spentWords(old, now),
    ...changed(old.errorCount, now.errorCount, (was, is) => `Errors so far: ${is}, before ${was}.`),
    ...(same(old.output, now.output) ? [] : [`The output is ${wordOf(now.output)}.`]),
  ];
}

const changed = <T>(was: T, is: T, words: (was: T, is: T) => string): readonly string[] =>
  was === is ? [] : [words(was, is)];

const same = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other);

function visitWords(old: State['visits'], now: State['visits']): readonly string[] {
  const earlier = new Map(old.map((visit) => [visit.visit, visit]));
  const open = new Set(now.map(({ visit }) => visit));
  return [
    ...old.filter(({ visit }) => !open.has(visit)).map(({ state }) => `${state} is over.`),
    ...now.flatMap(({ visit, state, attempts }) => {
      const was = earlier.get(visit);
      if (was === undefined) return [`${state} has begun.`];
      return was.attempts === attempts ? [] : [`${state} is at its attempt ${attempts}; it was at ${was.attempts}.`];
    }),
  ];
}

function roundWords({ scores: old }: State, { scores: now }: State): readonly string[] {
  const known = new Set(old.map(({ phase, round }) => `${phase} ${round}`));
  return now
    .filter(({ phase, round }) => !known.has(`${phase} ${round}`))
    .map(({ phase, round, scores }) => `Round ${round} of ${phase} was scored: ${formatScores(scores)}.`);
}

/** Of the run as a whole; a branch or an item has copies of its own, which are told where it is there both times. */
function variableWords(old: State['frames'], now: State['frames']): readonly string[] {
  const earlier = new Map(old.map(({ frame, variables }) => [frame, variables]));
  const [root] = now;
  return now.flatMap(({ frame, variables }) => {
    const was = earlier.get(frame) ?? (frame === root?.frame ? {} : null);
    if (was === null) return [];
    const where = frame === root?.frame ? '' : ` of branch ${frame}`;
    return [
      ...Object.entries(variables).flatMap(([name, value]) => {
        const before = Object.hasOwn(was, name) ? was[name] : undefined;
        if (before === undefined) return [`Variable ${name}${where} is new: ${wordOf(value)}.`];
        return placesIn(before, value, `Variable ${name}${where}`);
      }),
      ...Object.keys(was)
        .filter((name) => !Object.hasOwn(variables, name))
        .map((name) => `Variable ${name}${where} is gone.`),
    ];
  });
}

function placesIn(before: Json, after: Json, name: string): readonly string[] {
  const places = differences(before, after, []);
  const told = places.slice(0, MOST_PLACES).map(({ path, was, is }) => {
    const place = path.length === 0 ? name : `${name}, ${path.join('.')}`;
    if (was === undefined) return `${place} is new: ${wordOf(is ?? null)}.`;
    return is === undefined ? `${place} is gone.` : `${place} is ${wordOf(is)}; it was ${wordOf(was)}.`;
  });
  const left = places.length - told.length;
  return left === 0 ? told : [...told, `${name} differs in ${left} more places.`];
}

interface Difference {
  readonly path: readonly string[];
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

/** Down to the members of objects; a list is one thing. */
function differences(was: Json | undefined, is: Json | undefined, path: readonly string[]): readonly Difference[] {
  if (was !== undefined && is !== undefined && same(was, is)) return [];
  if (!isObject(was) || !isObject(is)) return [{ path, was, is }];
  return [...new Set([...Object.keys(is), ...Object.keys(was)])].flatMap((name) => {
    const [one, other] = [was, is].map((each) => (Object.hasOwn(each, name) ? each[name] : undefined));
    return one === undefined && other === undefined ? [] : differences(one, other, [...path, name]);
  });
}

function spentWords({ spent: was }: State, { spent: is }: State): readonly string[] {
  if (was.usd === is.usd && was.tokens === is.tokens) return [];
  return [
    `Spent in all: ${is.usd.toFixed(4)} USD and ${is.tokens} tokens; before, ${was.usd.toFixed(4)} and ${was.tokens}.`,
  ];
}
