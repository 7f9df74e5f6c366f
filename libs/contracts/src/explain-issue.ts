import { z } from 'zod';
import { nearestName } from './suggest.js';

type Issue = z.core.$ZodIssue;

/** One thing that is wrong with a value, and where: `path` leads to it from the outside. */
export interface Explained {
  readonly path: readonly PropertyKey[];
  /** What has to hold, to be read after the name of the place: `must be a text, not a number`. */
  readonly detail: string;
}

const WORD_OF_TYPE: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  nan: 'not a number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
};

const wordOf = (type: string): string => WORD_OF_TYPE[type] ?? type;

const UNIT_OF_SIZE: Readonly<Record<string, string>> = { string: 'characters', array: 'items', object: 'members' };

/** A sentence of the schema's author is better than one made from rules; the validator's own are made for its authors. */
const isOwnText = (message: string): boolean => /^(Invalid|Too (small|big)|Unrecognized)\b/.test(message);

function explainType(issue: Issue & { readonly code: 'invalid_type' }): string {
  const received = /received (\w+)/.exec(issue.message)?.[1];
  if (received === 'undefined') return `is missing; it is ${wordOf(issue.expected)}`;
  // One with a fraction is a number all the same.
  if (issue.expected === 'int' && received === 'number') return `must be ${wordOf(issue.expected)}`;
  return `must be ${wordOf(issue.expected)}${received === undefined ? '' : `, not ${wordOf(received.toLowerCase())}`}`;
}

function explainSize(origin: string, bound: string, limit: number | bigint, isInclusive: boolean): string {
  const unit = UNIT_OF_SIZE[origin];
  if (unit === undefined) {
    const few = isInclusive ? `at ${bound}` : bound === 'least' ? 'more than' : 'less than';
    return `must be ${few} ${limit}`;
  }
  if (bound === 'least' && Number(limit) === 1) return 'must not be empty';
  return `must have at ${bound} ${limit} ${unit}`;
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID',
  url: 'a URL',
  datetime: 'a time such as 2026-01-31T12:00:00Z',
  date: 'a date such as 2026-01-31',
  duration: 'a length of time such as PT90S, PT2H or P1D',
  email: 'an e-mail address',
};

function explainValue({ values, message }: Issue & { readonly code: 'invalid_value' }, input: unknown): string {
  if (!isOwnText(message)) return message;
  const known = values.map(String);
  const list = known.map((value) => JSON.stringify(value)).join(', ');
  const meant = typeof input === 'string' ? nearestName(input, known) : null;
  const must = known.length === 1 ? `must be ${list}` : `must be one of ${list}`;
  return meant === null ? must : `${must}; did you mean ${JSON.stringify(meant)}?`;
}

function explainOne(issue: Issue, input: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return isOwnText(issue.message) ? explainType(issue) : issue.message;
    case 'too_small':
      return isOwnText(issue.message)
        ? explainSize(issue.origin, 'least', issue.minimum, issue.inclusive !== false)
        : issue.message;
    case 'too_big':
      return isOwnText(issue.message)
        ? explainSize(issue.origin, 'most', issue.maximum, issue.inclusive !== false)
        : issue.message;
    case 'invalid_format':
      return isOwnText(issue.message)
        ? `must be ${FORMATS[issue.format] ?? `of the form ${issue.pattern}`}`
        : issue.message;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return explainValue(issue, input);
    case 'invalid_key':
      return `has a name that ${issue.issues.map((each) => explainOne(each, input)).join(', and ') || 'is not allowed'}`;
    default:
      return isOwnText(issue.message) ? 'has another form than is expected' : issue.message;
  }
}

/** What stands at a place of a value; undefined where there is no such place. */
const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);

/** The branch of a union that the value comes nearest to: the one that gets furthest into it. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));
  const deepest = Math.max(0, ...branches.map(depth));
  const near = branches.filter((issues) => depth(issues) === deepest);
  return near.reduce((least, issues) => (issues.length < least.length ? issues : least), near[0] ?? []);
}

function explainUnion(issue: Issue & { readonly code: 'invalid_union' }, base: readonly PropertyKey[], value: unknown) {
  if (!isOwnText(issue.message)) return [{ path: base, detail: issue.message }];
  const branches = issue.errors.filter((issues) => issues.length > 0);
  const flat = branches.flat();
  // `a | b` where each branch names a type of its own: both are said at once.
  if (flat.length === branches.length && flat.every(({ code, path }) => code === 'invalid_type' && path.length === 0)) {
    const expected = flat.flatMap((each) => (each.code === 'invalid_type' ? [wordOf(each.expected)] : []));
    return [{ path: base, detail: `must be ${[...new Set(expected)].join(' or ')}` }];
  }
  return nearestBranch(branches).flatMap((each) => explain(each, base, value));
}

function explain(issue: Issue, base: readonly PropertyKey[], value: unknown): readonly Explained[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return explainUnion(issue, path, value);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], detail: 'is not known here' }));
  }
  return [{ path, detail: explainOne(issue, valueAt(value, path)) }];
}

/** Names that may stand at a place of what the schema describes, as far as it says so itself. */
function knownAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return knownAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodPipe) return knownAt(schema.in, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => knownAt(option, path));
  const [first, ...rest] = path;
  if (schema instanceof z.ZodArray) return first === undefined ? [] : knownAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return first === undefined ? [] : knownAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (first === undefined) return Object.keys(schema.shape);
  const member: z.core.$ZodType | undefined = schema.shape[String(first)];
  return member === undefined ? [] : knownAt(member, rest);
}

/**
 * What is wrong with a value, in words for whoever wrote it: no term of the validator, each unknown name at its own place and
 * with the name that was probably meant.
 *
 * @param value what was parsed; @param schema by what. Without them no name is guessed that was meant.
 */
export function explainIssues(error: z.ZodError, value?: unknown, schema?: z.ZodType): readonly Explained[] {
  return error.issues
    .flatMap((issue) => explain(issue, [], value))
    .map(({ path, detail }) => {
      if (detail !== 'is not known here' || schema === undefined) return { path, detail };
      const meant = nearestName(String(path.at(-1)), knownAt(schema, path.slice(0, -1)));
      return { path, detail: meant === null ? detail : `${detail}; did you mean ${JSON.stringify(meant)}?` };
    });
}
