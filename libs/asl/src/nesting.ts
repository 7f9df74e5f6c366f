/** How deep a definition may be nested: what walks it calls itself, and would run off the end of the stack. */
export const MAX_NESTING = 500;

/** Whether a value has at most `MAX_NESTING` arrays and objects within each other. It does not recurse. */
export function isNestedWithinBounds(value: unknown): boolean {
  let layer = [value].filter(isContainer);
  for (let depth = 0; layer.length > 0; depth += 1) {
    if (depth === MAX_NESTING) return false;
    layer = layer.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return true;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
