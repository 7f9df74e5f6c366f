import { isJsonObject, type Json, type JsonObject } from '@baton/asl';
import type { StepArgument, StepList } from '@baton/contracts';
import { wordsOfName } from './goal-words.js';

/** A step that comes before, and what it gives. */
export interface Before {
  readonly name: string;
  /** JSON Schema of its result; null where that is not known. */
  readonly output: JsonObject | null;
  /** It is done for each of a list, and gives the list of what is said of `output`. */
  readonly isList?: boolean;
}

/** What there is to fill arguments with. */
export interface ToFillWith {
  readonly input: JsonObject;
  readonly before: readonly Before[];
  /** What the step is to do, in the words of the goal. */
  readonly part: string;
}

export type Filled =
  | { readonly ok: true; readonly arguments: readonly StepArgument[]; readonly each?: StepList }
  | { readonly ok: false; readonly lacks: readonly string[] };

/** Arguments that say what is wanted, whatever they are called by whoever wrote the schema. */
export const SAYS_THE_GOAL: ReadonlySet<string> = new Set([
  ...['goal', 'requirement', 'question', 'text', 'prompt', 'task', 'query', 'messag', 'topic', 'request', 'brief'],
  ...['instruction', 'description', 'content', 'subject', 'data'],
]);
/** Members of a result that are its text. */
const TEXTS = ['text', 'answer', 'summary', 'output', 'content', 'report', 'message'];

/**
 * What a worker or a workflow is called with, from the goal, the input beside it, and what earlier steps gave: each required
 * member by its name and type, and the others where the input has them.
 *
 * @param schema JSON Schema of an object
 */
export function fillArguments(schema: JsonObject, given: ToFillWith): Filled {
  const one = alternativesOf(schema)[0] ?? schema;
  const members = membersOf(one);
  const required = new Set(stringsIn(one.required));
  const filled: StepArgument[] = [];
  const lacks: string[] = [];
  for (const [name, member] of members) {
    const found = sourceFor(name, member, required.has(name), given);
    if (found !== null) filled.push({ name, ...found });
    else if (required.has(name) && member.default === undefined) lacks.push(`needs ${name}: ${describe(member)}`);
  }
  for (const name of required) if (!members.some(([each]) => each === name)) lacks.push(`needs ${name}`);
  return lacks.length > 0 ? { ok: false, lacks } : { ok: true, arguments: filled };
}

type Source = Omit<StepArgument, 'name'>;

function sourceFor(
  name: string,
  member: JsonObject,
  isRequired: boolean,
  { input, before, part }: ToFillWith,
): Source | null {
  const only = onlyValue(member);
  const last = before.at(-1);
  const isAbout = wordsOfName(name).some((word) => SAYS_THE_GOAL.has(word));
  // What is done to something is done to what the step before gave, whatever the input has under the same name.
  if (isRequired && isAbout && last !== undefined && !saysWhatToDo(name)) {
    const value = pathOf(last, member) ?? textBefore(before, member);
    if (value !== null) return { from: 'step', value };
  }
  if (Object.hasOwn(input, name) && fitsType(member, input[name] ?? null)) return { from: 'input', value: name };
  if (!isRequired) return null;
  if (only !== undefined) return { from: 'json', value: JSON.stringify(only) };
  const typed = before.findLast(
    ({ output, isList }) => output !== null && isList !== true && isFor(name, member, output),
  );
  if (typed !== undefined) return { from: 'step', value: typed.name };
  if (!isAbout) return null;
  if (name === 'data' && Object.keys(input).length > 0) return { from: 'input', value: '' };
  if (!takes(member, 'string')) return null;
  // A worker that is asked in words has to hear which part of the goal is its own.
  return before.length === 0 ? { from: 'goal', value: '' } : { from: 'text', value: part };
}

/** Requirements and prompts say what to do, also after other steps; a text or data are what it is done to. */
const saysWhatToDo = (name: string): boolean =>
  /^(goal|requirements|prompt|task|question|request|instructions)$/.test(name);

/** A result whose own type the argument has: an object with at least the members that it needs. */
function isFor(name: string, member: JsonObject, output: JsonObject): boolean {
  if (!takes(member, 'object') || member.type === undefined) return false;
  const wanted = stringsIn(member.required);
  const has = new Set(membersOf(output).map(([each]) => each));
  return wanted.length > 0 && wanted.every((each) => has.has(each)) && name !== 'data';
}

/** The newest text that an earlier step is known to give. */
function textBefore(before: readonly Before[], member: JsonObject): string | null {
  const known = before.filter(
    ({ output, isList }) => output !== null && isList !== true && membersOf(output).length > 0,
  );
  const paths = known.map((each) => pathOf(each, member)).filter((path) => path !== null);
  return takes(member, 'object') ? null : (paths.at(-1) ?? null);
}

/** The text of a result, where a text is wanted and it has one; null where it is known that it has none; else all of it. */
export function pathOf({ name, output, isList }: Before, member: JsonObject): string | null {
  if (isList === true) return takes(member, 'array') ? name : null;
  if (!takes(member, 'string') || takes(member, 'object')) return name;
  if (output === null || membersOf(output).length === 0) return name;
  const texts = membersOf(output).filter(([, each]) => takes(each, 'string'));
  const best = TEXTS.find((each) => texts.some(([found]) => found === each));
  return best === undefined ? null : `${name}.${best}`;
}

export const membersOf = (schema: JsonObject): readonly (readonly [string, JsonObject])[] =>
  Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).map(([name, member]) => [
    name,
    isJsonObject(member) ? member : {},
  ]);

/** A worker that does several things says so with `anyOf` or `oneOf`; the first is the one it is for. */
export const alternativesOf = ({ anyOf, oneOf }: JsonObject): readonly JsonObject[] =>
  [anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list.filter(isJsonObject) : []));

export const stringsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** The one value that there is, or the first of a list of texts that has a choice. */
function onlyValue(member: JsonObject): Json | undefined {
  if (member.const !== undefined) return member.const;
  return Array.isArray(member.enum) && member.enum.length > 0 ? member.enum[0] : undefined;
}

/** A schema that names no type takes every one. */
export function takes(member: JsonObject, type: string): boolean {
  const inner = alternativesOf(member);
  if (inner.length > 0) return inner.some((each) => takes(each, type));
  if (member.type === undefined) return true;
  return member.type === type || stringsIn(member.type).includes(type);
}

export function fitsType(member: JsonObject, value: Json): boolean {
  if (value === null) return takes(member, 'null');
  if (Array.isArray(value)) return takes(member, 'array');
  if (typeof value === 'number') return takes(member, 'number') || takes(member, 'integer');
  return takes(member, typeof value);
}

const describe = ({ description, type }: JsonObject): string =>
  typeof description === 'string' ? description.replace(/\s+/g, ' ').slice(0, 200) : `a value of type ${String(type)}`;
