import type { Cursor } from './cursor-in.js';
import { isSchema, memberOf } from './schema-at.js';

/** Something with a name, that a document may name. */
export interface Named {
  readonly name: string;
  readonly detail: string;
  readonly info: string;
}

/** What this Baton has, by what the schema calls it: workers and workflows, each as a Resource, and templates. */
export type Known = Readonly<Record<'worker' | 'workflow' | 'template', readonly Named[]>>;

type Place = Pick<Cursor, 'document' | 'path'>;

/** All of a kind, as `x-baton-names` of a schema names it. */
export function named(kind: unknown, { document, path }: Place, known: Known): readonly Named[] {
  switch (kind) {
    case 'state':
      return statesOf(at(document, path.slice(0, path.lastIndexOf('States') + 1)));
    case 'own-state':
      return statesOf(memberOf(at(document, path.slice(0, -1)), 'States'));
    case 'any-state':
      return allStates(memberOf(document, 'definition'));
    case 'phase':
      return listIn(memberOf(document, 'phases')).flatMap((phase) => {
        const name = memberOf(phase, 'name');
        return typeof name === 'string' ? [{ name, detail: 'phase', info: '' }] : [];
      });
    case 'worker':
    case 'workflow':
    case 'template':
      return known[kind];
    default:
      return [];
  }
}

const at = (document: unknown, path: Place['path']): unknown => path.reduce(memberOf, document);

const statesOf = (states: unknown): readonly Named[] =>
  Object.entries(isSchema(states) ? states : {}).map(([name, state]) => ({
    name,
    detail: textIn(memberOf(state, 'Type')),
    info: textIn(memberOf(state, 'Comment')),
  }));

/** Those of machines inside of states, too. */
function allStates(machine: unknown): readonly Named[] {
  const states = memberOf(machine, 'States');
  const inner = Object.values(isSchema(states) ? states : {}).flatMap((state) => [
    ...listIn(memberOf(state, 'Branches')),
    memberOf(state, 'ItemProcessor'),
    memberOf(state, 'Iterator'),
  ]);
  return [...statesOf(states), ...inner.flatMap(allStates)];
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
