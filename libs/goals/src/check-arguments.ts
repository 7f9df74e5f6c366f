import { isJsonObject, type JsonObject } from '@baton/asl';
import { didYouMean, isNestedWithin, type StepArgument, type StepList, type WorkflowFinding } from '@baton/contracts';
import { membersOf, stringsIn } from './fill-arguments.js';

/** What can be named where a step stands. */
export interface InSight {
  readonly input: JsonObject;
  /** Steps, and units of several, that have come before it whatever way was gone. */
  readonly names: readonly string[];
  /** Why others cannot be named there, a sentence each. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Whether it is done for each of a list. */
  readonly hasItem: boolean;
}

export function checkArgument(
  { name, from, value }: StepArgument,
  pointer: string,
  sight: InSight,
): readonly WorkflowFinding[] {
  if (name.split('.').some((part) => part === '')) {
    return [error(`${pointer}/name`, 'argument-name', `${JSON.stringify(name)} is no name of an argument`)];
  }
  switch (from) {
    case 'input':
    case 'step':
      return checkPlace({ from, value }, pointer, sight);
    case 'item':
      if (!sight.hasItem) {
        return [error(`${pointer}/from`, 'no-item', 'the step is not done for each of a list, so there is no item')];
      }
      return value === '' || isPath(value) ? [] : [noPath(pointer, value)];
    case 'json':
      return isJson(value) ? [] : [error(`${pointer}/value`, 'not-json', 'is not JSON, or nested too deeply')];
    default:
      return [];
  }
}

/** A member of the input, or the result of a step that is in sight. */
export function checkPlace(
  { from, value }: StepList,
  pointer: string,
  { input, names, hidden }: InSight,
): readonly WorkflowFinding[] {
  const wrong = (code: string, message: string) => [error(`${pointer}/value`, code, message)];
  const [first = ''] = value.split('.');
  if (from === 'input') {
    if (value === '') return [];
    if (!isPath(value)) return [noPath(pointer, value)];
    if (Object.hasOwn(input, first)) return [];
    return wrong('unknown-input', `the input has no member ${first}.${didYouMean(first, Object.keys(input))}`);
  }
  if (!isPath(value)) return [noPath(pointer, value)];
  if (names.includes(first)) return [];
  const why = hidden.get(first);
  if (why !== undefined) return wrong('step-out-of-sight', why);
  return wrong('unknown-step', `no step ${first} comes before this one.${didYouMean(first, names)}`);
}

const noPath = (pointer: string, value: string): WorkflowFinding =>
  error(`${pointer}/value`, 'path', `${JSON.stringify(value)} is no path`);

const isPath = (path: string): boolean => path.split('.').every((part) => /^[^`\p{Cc}\p{Cs}]{1,200}$/u.test(part));

function isJson(text: string): boolean {
  try {
    return isNestedWithin(JSON.parse(text), MOST_NESTING);
  } catch {
    return false;
  }
}

/** Of an argument: nobody writes more by hand. */
const MOST_NESTING = 30;

/**
 * Whether the members that are required are there, and no others where none may be. What a value is, is known when it is: a
 * schema of somebody's may take for ever, and the worker holds its arguments to it anyhow.
 */
export function checkAgainstSchema(
  args: readonly StepArgument[],
  schema: JsonObject,
  pointer: string,
): readonly WorkflowFinding[] {
  const alternatives = [schema.anyOf, schema.oneOf].flatMap((list) =>
    Array.isArray(list) ? list.filter(isJsonObject) : [],
  );
  const tried = (alternatives.length === 0 ? [schema] : alternatives).map((each) => checkMembers(args, each, pointer));
  return tried.find((findings) => findings.length === 0) ?? tried[0] ?? [];
}

function checkMembers(args: readonly StepArgument[], schema: JsonObject, pointer: string): readonly WorkflowFinding[] {
  const given = args.map(({ name }) => name.split('.')[0] ?? '');
  const members = membersOf(schema);
  const names = members.map(([name]) => name);
  const missing = stringsIn(schema.required).filter(
    (name) => !given.includes(name) && members.find(([each]) => each === name)?.[1].default === undefined,
  );
  const unknown = schema.additionalProperties === false ? given.filter((name) => !names.includes(name)) : [];
  return [
    ...missing.map((name) => error(`${pointer}/arguments`, 'argument-missing', `the argument ${name} is missing`)),
    ...unknown.map((name) =>
      error(
        `${pointer}/arguments/${given.indexOf(name)}/name`,
        'argument-unknown',
        `there is no argument ${name}.${didYouMean(name, names)}`,
      ),
    ),
  ];
}

export const error = (pointer: string, code: string, message: string): WorkflowFinding => ({
  severity: 'error',
  pointer,
  code,
  message,
});
