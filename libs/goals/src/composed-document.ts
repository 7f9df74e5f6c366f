import { isJsonObject, type Json, type JsonObject } from '@baton/asl';
import { COMPOSED_NAME, GOAL_WORKFLOW } from '@baton/contracts';
import { parseResource } from '@baton/workflow';
import { nameOfComposed } from './compose-document.js';
import { NEVER_COMPOSED } from './score.js';

/** What states of a composed document may have: nothing that reads or writes elsewhere, waits, or asks anybody else. */
const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  Pass: new Set(['Type', 'Assign', 'Output', 'Next', 'End']),
  Task: new Set(['Type', 'Resource', 'Arguments', 'TimeoutSeconds', 'Retry', 'Assign', 'Output', 'Next', 'End']),
  Map: new Set(['Type', 'Items', 'MaxConcurrency', 'ItemProcessor', 'Assign', 'Output', 'Next', 'End']),
  Parallel: new Set(['Type', 'Branches', 'Assign', 'Output', 'Next', 'End']),
  Choice: new Set(['Type', 'Choices', 'Default']),
  Succeed: new Set(['Type', 'Output']),
};
const MACHINE_FIELDS: ReadonlySet<string> = new Set(['QueryLanguage', 'StartAt', 'States']);
/** A list within a branch is the deepest that is composed. */
const DEEPEST = 3;

/**
 * Why a document is none that a run may publish, or null: whoever may have a run composed may not thereby publish whatever they
 * like. Its name follows from what it says, so it can stand for no other; it asks for workers and versions of workflows alone.
 */
export function whyNotComposed(document: JsonObject): string | null {
  const { name, definition } = document;
  if (typeof name !== 'string' || !COMPOSED_NAME.test(name)) return 'its name is not that of a composed document';
  if (name !== nameOfComposed(document)) return 'its name does not follow from what it says';
  return whyNotMachine(definition, 1);
}

function whyNotMachine(machine: Json | undefined, depth: number): string | null {
  if (!isJsonObject(machine) || !isJsonObject(machine.States)) return 'it has no states';
  const states = Object.entries(machine.States);
  if (states.length === 0) return 'it has no states';
  if (depth > DEEPEST) return 'it goes deeper than what is composed';
  if (Object.keys(machine).some((field) => !MACHINE_FIELDS.has(field)))
    return 'it has a machine that is not composed so';
  return firstOf(states, ([name, state]) => whyNotState(name, state, depth));
}

function whyNotState(name: string, state: Json, depth: number): string | null {
  const fields = isJsonObject(state) && typeof state.Type === 'string' ? FIELDS[state.Type] : undefined;
  if (fields === undefined || !isJsonObject(state)) return `the state ${name} is none that is composed`;
  const other = Object.keys(state).find((field) => !fields.has(field));
  if (other !== undefined) return `the state ${name} has ${other}, which nothing composed has`;
  if (state.Type === 'Task' && !mayBeComposed(state.Resource))
    return `the state ${name} asks for what is never composed`;
  const inner = [...(Array.isArray(state.Branches) ? state.Branches : []), state.ItemProcessor];
  return firstOf(inner, (each) => (each === undefined ? null : whyNotMachine(each, depth + 1)));
}

function firstOf<T>(list: readonly T[], why: (each: T) => string | null): string | null {
  for (const each of list) {
    const found = why(each);
    if (found !== null) return found;
  }
  return null;
}

function mayBeComposed(text: unknown): boolean {
  const resource = typeof text === 'string' ? parseResource(text) : null;
  if (resource?.type === 'worker') return !NEVER_COMPOSED.has(resource.kind) && resource.hasToken !== true;
  if (resource?.type !== 'workflow' || resource.ref === null) return false;
  const [name, version] = resource.ref.split('@');
  return version !== undefined && name !== GOAL_WORKFLOW;
}
