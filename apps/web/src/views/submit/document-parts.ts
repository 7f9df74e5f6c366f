import type { JsonObject } from '@baton/contracts';
import { isObject } from './schema-fields.js';

/* What of a workflow document whoever submits a run of it has to know. */

export const inputSchemaOf = ({ input }: JsonObject): JsonObject => (isObject(input) ? input : {});

/** The states that a worker does, at any depth, by their names: those that a person may do by hand. */
export function workerStates({ definition }: JsonObject): readonly string[] {
  const found = new Set<string>();
  const waiting = [definition];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...next);
    if (!isObject(next)) continue;
    if (isObject(next.States)) {
      for (const [name, state] of Object.entries(next.States)) if (isWorkers(state)) found.add(name);
    }
    waiting.push(...Object.values(next));
  }
  return [...found].toSorted();
}

const isWorkers = (state: unknown): boolean =>
  typeof state === 'object' && state !== null && 'Resource' in state && /^baton:worker:/.test(String(state.Resource));

/** Whether a run of it works on a workspace: the input has a member for one. */
export const takesWorkspace = (schema: JsonObject): boolean =>
  isObject(schema.properties) && isObject(schema.properties.workspace);

/** Whether it can be one that it shares with others. */
export const takesLineage = (schema: JsonObject): boolean => {
  const workspace = isObject(schema.properties) ? schema.properties.workspace : undefined;
  return isObject(workspace) && isObject(workspace.properties) && workspace.properties.lineage !== undefined;
};
