import { type Json, usdOf } from '@baton/contracts';
import { toCopy } from './map-progress.js';
import type { RunState } from './run-state.js';

/**
 * The state as JSON with members in a fixed order: two states are equal exactly when their texts are. Money is in dollars,
 * as everywhere outside. Left out are the workflow document, which never changes in a run (its hash stands for it), and
 * what follows from visits and commands.
 */
export function stateToJson(state: RunState): Json {
  if (state.status === 'new') return { status: 'new' };
  const {
    document: _document,
    reserved: _reserved,
    waiting: _waiting,
    frames,
    visits,
    commands,
    shadows,
    scores,
    labels,
    spent,
    extended,
    ...rest
  } = state;
  const byNumber = <T>(map: { entries(): IterableIterator<[number, T]> }): [number, T][] =>
    [...map.entries()].sort(([a], [b]) => a - b);
  return plain({
    ...rest,
    spent: inDollars(spent),
    extended: inDollars(extended),
    labels: sortedMembers(labels),
    scores,
    frames: byNumber(frames).map(([, frame]) => ({ ...frame, variables: sortedMembers(frame.variables) })),
    visits: byNumber(visits).map(([, visit]) => ({
      ...visit,
      map: toCopy(visit.map),
      branches: byNumber(visit.branches).map(([branch, frame]) => ({ branch, frame })),
      outputs: byNumber(visit.outputs).map(([branch, output]) => ({ branch, output })),
    })),
    commands: byId(commands),
    shadows: byId(shadows),
  });
}

const inDollars = <T>({ microUsd, ...rest }: { readonly microUsd: number } & T) => ({ usd: usdOf(microUsd), ...rest });

const byId = <T extends { readonly commandId: string }>(map: { values(): IterableIterator<T> }): readonly T[] =>
  [...map.values()].sort((a, b) => (a.commandId < b.commandId ? -1 : 1));

const sortedMembers = <T>(object: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Through text, so that members left undefined are gone and nothing is shared with the state. */
const plain = (value: object): Json => JSON.parse(JSON.stringify(value));
