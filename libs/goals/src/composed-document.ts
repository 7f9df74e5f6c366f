import { isJsonObject, type JsonObject } from '@baton/asl';
import { COMPOSED_NAME, GOAL_WORKFLOW } from '@baton/contracts';
import { parseResource } from '@baton/workflow';
import { nameOfComposed } from './compose-document.js';
import { NEVER_COMPOSED } from './score.js';

const STATES: ReadonlySet<unknown> = new Set(['Pass', 'Task', 'Succeed']);

/**
 * Why a document is none that a run may publish, or null: whoever may have a run composed may not thereby publish whatever they
 * like. Its name follows from what it says, so it can stand for no other; it asks for workers and versions of workflows alone.
 */
export function whyNotComposed(document: JsonObject): string | null {
  const { name, definition } = document;
  if (typeof name !== 'string' || !COMPOSED_NAME.test(name)) return 'its name is not that of a composed document';
  if (name !== nameOfComposed(document)) return 'its name does not follow from what it says';
  const states = isJsonObject(definition) && isJsonObject(definition.States) ? Object.entries(definition.States) : [];
  if (states.length === 0) return 'it has no states';
  for (const [state, said] of states) {
    if (!isJsonObject(said) || !STATES.has(said.Type)) return `the state ${state} is none that is composed`;
    if (said.Type === 'Task' && !mayBeComposed(said.Resource))
      return `the state ${state} asks for what is never composed`;
  }
  return null;
}

function mayBeComposed(text: unknown): boolean {
  const resource = typeof text === 'string' ? parseResource(text) : null;
  if (resource?.type === 'worker') return !NEVER_COMPOSED.has(resource.kind);
  if (resource?.type !== 'workflow' || resource.ref === null) return false;
  const [name, version] = resource.ref.split('@');
  return version !== undefined && name !== GOAL_WORKFLOW;
}
