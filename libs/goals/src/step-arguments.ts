import type { Json, JsonObject } from '@baton/asl';
import type { StepArgument, StepCondition, StepList } from '@baton/contracts';

/*
 * What a composition says of values, as expressions. No expression of a composed document is anybody's but this program's: what a
 * model wrote stands in it as a name or as a literal.
 */

/** Steps of the same branch: what they gave is in variables of the branch, whose names no machine around it may have. */
export type Local = ReadonlySet<string>;
const NONE: Local = new Set();

/** No step has such a name, and no function of JSONata. */
export const localName = (step: string): string => `of${step}`;

/** Names with dots lead into objects. A part that is no object any more gives way. */
export function argumentsOf(args: readonly StepArgument[], local: Local = NONE): JsonObject {
  const made: Record<string, Json> = {};
  for (const argument of args) {
    const path = argument.name.split('.');
    let place = made;
    for (const part of path.slice(0, -1)) {
      const inner = ownOf(place, part);
      const next: Record<string, Json> = isPlain(inner) ? inner : {};
      put(place, part, next);
      place = next;
    }
    put(place, path.at(-1) ?? '', argumentValue(argument, local));
  }
  return made;
}

/** The list that a step is done for each of. */
export const itemsOf = (list: StepList, local: Local): string => `{% ${placeOf(list, local)} %}`;

/** What has to hold on a way of a choice. It is true or false whatever is there: a member that there is not is no fault of the run. */
export function conditionOf({ is, from, value, than }: StepCondition): string {
  const looked = placeOf({ from, value });
  const held = JSON.stringify(parsed(than));
  switch (is) {
    case 'equal':
      return `{% ${looked} = ${held} %}`;
    case 'not-equal':
      return `{% $not(${looked} = ${held}) %}`;
    case 'less':
      return ordered(looked, '<', held);
    case 'at-most':
      return ordered(looked, '<=', held);
    case 'more':
      return ordered(looked, '>', held);
    case 'at-least':
      return ordered(looked, '>=', held);
    case 'contains':
      return `{% $exists(${looked}) and $contains($lowercase($string(${looked})), $lowercase(${held})) %}`;
    case 'empty':
      return `{% ${isEmpty(looked)} %}`;
    case 'not-empty':
      return `{% $not(${isEmpty(looked)}) %}`;
    default:
      return '{% true %}';
  }
}

const ordered = (looked: string, sign: string, held: string): string =>
  `{% $type(${looked}) = "number" and ${looked} ${sign} ${held} %}`;

const isEmpty = (looked: string): string => `(${looked} = null or ${looked} = "" or $count(${looked}) = 0)`;

function argumentValue({ from, value }: StepArgument, local: Local): Json {
  switch (from) {
    case 'goal':
      return '{% $goal %}';
    case 'input':
    case 'step':
      return `{% ${placeOf({ from, value }, local)} %}`;
    case 'item':
      return `{% $states.input${value === '' ? '' : `.${pathOf(value.split('.'))}`} %}`;
    case 'text':
      return literal(value);
    default:
      return literal(parsed(value));
  }
}

function placeOf({ from, value }: StepList, local: Local = NONE): string {
  if (from === 'input') return `$input${value === '' ? '' : `.${pathOf(value.split('.'))}`}`;
  const [name = '', ...rest] = value.split('.');
  return `$${local.has(name) ? localName(name) : name}${rest.length === 0 ? '' : `.${pathOf(rest)}`}`;
}

/** A member by its name, whatever characters that has: checkComposition lets no backtick through. */
const pathOf = (parts: readonly string[]): string => parts.map((part) => `\`${part}\``).join('.');

const isPlain = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const ownOf = (object: Record<string, Json>, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Also a member named `__proto__` is one. */
const put = (object: Record<string, Json>, name: string, value: Json): void => {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
};

/** What reads as an expression and is none is one that gives just that. */
function literal(value: Json): Json {
  if (typeof value === 'string') return value.trim().startsWith('{%') ? `{% ${JSON.stringify(value)} %}` : value;
  if (Array.isArray(value)) return value.map(literal);
  if (!isPlain(value)) return value;
  const made: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) put(made, name, literal(member));
  return made;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
