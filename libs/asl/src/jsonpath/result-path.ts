import { isJsonObject, type Json } from '../json.js';
import { compilePath } from './compile-query.js';
import type { Path } from './path.js';

/** The steps of a path that can be written to: names and indices, one at a time. Null where it is none. */
export function referenceSteps(path: Path): readonly (string | number)[] | null {
  const steps: (string | number)[] = [];
  for (const selector of path.selectors) {
    const [name, otherName] = selector.kind === 'names' ? selector.names : [];
    const [index, otherIndex] = selector.kind === 'indices' ? selector.indices : [];
    if (name !== undefined && otherName === undefined) steps.push(name.name);
    else if (index !== undefined && index >= 0 && otherIndex === undefined) steps.push(index);
    else return null;
  }
  return steps;
}

/**
 * Puts a result where ResultPath says: `$` or nothing replaces the input, null keeps it and drops the result, a path
 * puts it inside the input, with the objects that are missing on the way. Null where that is not possible.
 */
export function placeResult(
  resultPath: string | null | undefined,
  input: Json,
  result: Json,
): { readonly value: Json } | null {
  if (resultPath === null) return { value: input };
  if (resultPath === undefined || resultPath === '$') return { value: result };
  const path = compilePath(resultPath);
  const steps = path === null || path.root.kind !== 'input' ? null : referenceSteps(path);
  if (steps === null) return null;
  const value = place(steps, 0, input, result);
  return value === undefined ? null : { value };
}

function place(
  steps: readonly (string | number)[],
  at: number,
  into: Json | undefined,
  result: Json,
): Json | undefined {
  const step = steps[at];
  if (step === undefined) return result;
  if (typeof step === 'number') {
    if (!Array.isArray(into) || step >= into.length) return undefined;
    const inner = place(steps, at + 1, into[step], result);
    return inner === undefined ? undefined : into.with(step, inner);
  }
  if (into !== undefined && !isJsonObject(into)) return undefined;
  const inner = place(steps, at + 1, into !== undefined && Object.hasOwn(into, step) ? into[step] : undefined, result);
  return inner === undefined ? undefined : Object.fromEntries([...Object.entries(into ?? {}), [step, inner]]);
}
