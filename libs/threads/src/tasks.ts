import { threadId } from 'node:worker_threads';
import {
  type EvaluationLimits,
  evaluate,
  evaluatePath,
  type Json,
  type PathAsked,
  type PathScope,
  type Scope,
} from '@baton/asl';
import { checkSchema, checkValue } from './schemas.js';
import type { ThreadCall } from './stoppable.js';

/** What a thread can do, by name: texts in, a text out. */
export type Tasks = Readonly<Record<string, (parts: readonly string[]) => string | Promise<string>>>;

export const TASKS: Tasks = {
  evaluate: async ([template = '', scope = '', rest = '']) => {
    const { field, limits } = readRest(rest);
    return JSON.stringify(await evaluate(readJson(template), readScope(scope), field, limits));
  },
  'evaluate-path': ([asked = '', scope = '', rest = '']) => {
    const { field, limits } = readRest(rest);
    return JSON.stringify(evaluatePath(readAsked(asked), readPathScope(scope), field, limits));
  },
  'check-schema': ([schema = '']) => JSON.stringify(checkSchema(schema)),
  'check-value': ([schema = '', value = '']) => JSON.stringify(checkValue(schema, readJson(value))),
};

/** Does what is called for. */
export async function answer(tasks: Tasks, { name, parts, begun }: ThreadCall): Promise<string> {
  Atomics.store(begun, 0, threadId);
  const task = tasks[name];
  if (task === undefined) throw new Error(`a thread has no task ${name}`);
  return task(parts);
}

// Written by this very library on the other side.
const readJson = (text: string): Json => JSON.parse(text);
const readScope = (text: string): Scope => JSON.parse(text);
const readAsked = (text: string): PathAsked => JSON.parse(text);
const readPathScope = (text: string): PathScope => JSON.parse(text);
const readRest = (text: string): { readonly field: string; readonly limits: EvaluationLimits } => JSON.parse(text);
