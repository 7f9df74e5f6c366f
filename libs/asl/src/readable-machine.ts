import { type Finding, pointerTo } from './finding.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import type { StateMachine } from './machine.js';

/** What can be read of a definition whose shape is broken. It is there to be checked further, and never to be run. */
export interface ReadableMachine {
  readonly machine: StateMachine;
  /** Whether there may be states that could not be read: nothing can be said of what would refer to them. */
  readonly hasHiddenStates: boolean;
}

interface Reading {
  /** Pointers of states that have an error of their own. */
  readonly broken: ReadonlySet<string>;
  hasHiddenStates: boolean;
}

/** The innermost state that a pointer leads into. */
const STATE = /^(?:(?:\/Branches\/\d+|\/ItemProcessor|\/Iterator)?\/States\/[^/]*)+/;

/** @param findings of the shape; each state with an error is read as far as other states depend on it */
export function readableMachine(json: JsonObject, findings: readonly Finding[]): ReadableMachine {
  // Expressions, paths and names that are wrong leave the shape as it is.
  const errors = findings.filter(({ severity, code }) => severity === 'error' && code === 'schema');
  const reading: Reading = {
    broken: new Set(errors.flatMap(({ pointer }) => STATE.exec(pointer)?.[0] ?? [])),
    hasHiddenStates: false,
  };
  const machine = machineOf(json, '', reading);
  return { machine: machine as unknown as StateMachine, hasHiddenStates: reading.hasHiddenStates };
}

function machineOf(json: JsonObject, pointer: string, reading: Reading): JsonObject {
  const { StartAt, QueryLanguage } = json;
  const states = isJsonObject(json.States) ? Object.entries(json.States) : [];
  if (states.length === 0) reading.hasHiddenStates = true;
  const read = states.map(([name, state]) => {
    const at = pointerTo(pointerTo(pointer, 'States'), name);
    return [name, stateOf(state, at, reading)] as const;
  });
  return {
    ...json,
    ...(QueryLanguage === 'JSONata' || QueryLanguage === 'JSONPath' ? {} : { QueryLanguage: languageOf(json) }),
    StartAt: typeof StartAt === 'string' ? StartAt : (states[0]?.[0] ?? ''),
    States: Object.fromEntries(read),
  };
}

/** A language that is not known is guessed, so that the states are checked as their author meant them. */
export const languageOf = (json: JsonObject): 'JSONata' | 'JSONPath' =>
  (typeof json.QueryLanguage === 'string' && /jsonata/i.test(json.QueryLanguage)) ||
  JSON.stringify(json).includes('"{%')
    ? 'JSONata'
    : 'JSONPath';

function stateOf(json: Json | undefined, pointer: string, reading: Reading): JsonObject {
  if (!isJsonObject(json)) return { Type: 'Pass' };
  const inner = innerOf(json, pointer, reading);
  if (!reading.broken.has(pointer)) return { ...json, ...inner };
  const { Type, Next, Default, Assign } = json;
  if (!['Task', 'Choice', 'Parallel', 'Pass', 'Succeed', 'Fail', 'Wait', 'Map'].some((known) => known === Type)) {
    reading.hasHiddenStates = true;
  }
  const isOfInner = (Type === 'Parallel' || Type === 'Map') && inner !== null;
  return {
    Type: isOfInner || Type === 'Choice' ? Type : 'Pass',
    ...(isOfInner ? inner : {}),
    ...textsOf({ Next, Default }),
    ...(isJsonObject(Assign) ? { Assign } : {}),
    ...(Type === 'Choice' ? { Choices: rulesOf(json.Choices) } : {}),
    ...(Array.isArray(json.Catch) ? { Catch: rulesOf(json.Catch) } : {}),
  };
}

/** The machines inside a state; null where there is none, or one that cannot be read. */
function innerOf(json: JsonObject, pointer: string, reading: Reading): JsonObject | null {
  if (json.Type === 'Parallel') {
    const branches = Array.isArray(json.Branches) ? json.Branches : [];
    const objects = branches.filter(isJsonObject);
    if (branches.length === 0 || objects.length < branches.length) {
      reading.hasHiddenStates = true;
      return null;
    }
    const at = pointerTo(pointer, 'Branches');
    return { Branches: objects.map((branch, index) => machineOf(branch, pointerTo(at, index), reading)) };
  }
  if (json.Type !== 'Map') return null;
  const field = json.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = json[field];
  if (isJsonObject(processor)) return { [field]: machineOf(processor, pointerTo(pointer, field), reading) };
  reading.hasHiddenStates = true;
  return null;
}

/** Rules of a Choice, or catchers, by their places: where each leads, and what it assigns. */
const rulesOf = (rules: Json | undefined): JsonObject[] =>
  (Array.isArray(rules) ? rules : []).map((rule) => {
    const { Next, Assign } = isJsonObject(rule) ? rule : {};
    return { ErrorEquals: [], ...textsOf({ Next }), ...(isJsonObject(Assign) ? { Assign } : {}) };
  });

const textsOf = (fields: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );
