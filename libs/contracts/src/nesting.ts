/**
 * How deep the JSON of a message may be nested. What reads and writes JSON deeper than some two thousand levels runs off
 * the end of the stack, at a depth that depends on the caller; so every border refuses it long before, by this number.
 */
export const MAX_NESTING = 500;

/** Whether a value has at most `levels` arrays and objects within each other. Takes any depth: it does not recurse. */
export function isNestedWithin(value: unknown, levels: number = MAX_NESTING): boolean {
  let layer: object[] = isContainer(value) ? [value] : [];
  for (let depth = 0; layer.length > 0; depth += 1) {
    if (depth === levels) return false;
    // Without a list for each of them: there may be hundreds of thousands.
    const next: object[] = [];
    for (const container of layer)
      for (const member of Object.values(container)) if (isContainer(member)) next.push(member);
    layer = next;
  }
  return true;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
