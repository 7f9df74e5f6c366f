import { stringify } from 'yaml';
import { fieldsOf } from '../../parts/graph/machine-picture.js';

/** A document as one writes it. Long texts stay on their lines: a diff of them tells more. */
export const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** The definition of a state at any depth, as YAML; undefined where there is none of that name. */
export function definitionOf(document: unknown, state: string): string | undefined {
  const found = stateIn(fieldsOf(document).definition, state);
  return found === undefined ? undefined : yamlOf(found);
}

function stateIn(machine: unknown, wanted: string): unknown {
  const states = fieldsOf(fieldsOf(machine).States);
  if (Object.hasOwn(states, wanted)) return states[wanted];
  for (const each of Object.values(states)) {
    const { Branches, ItemProcessor } = fieldsOf(each);
    for (const inner of [...(Array.isArray(Branches) ? Branches : []), ItemProcessor]) {
      const found = stateIn(inner, wanted);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
