import { isJsonObject, type Json, type JsonObject } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';

/** A state of a document, and where it is in it, as a JSON pointer. */
export interface PlacedState {
  readonly pointer: string;
  readonly state: JsonObject;
}

/** A state by its name, in whichever machine of the document it is: names are of one state only. Null where there is none. */
export function stateAt(document: WorkflowDocument, name: string): PlacedState | null {
  const definition: Json = JSON.parse(JSON.stringify(document.definition));
  const waiting: { readonly pointer: string; readonly value: Json }[] = [{ pointer: '/definition', value: definition }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { pointer, value } = next;
    if (Array.isArray(value)) {
      waiting.push(...value.map((item: Json, index) => ({ pointer: `${pointer}/${index}`, value: item })));
      continue;
    }
    if (!isJsonObject(value)) continue;
    const states = Object.hasOwn(value, 'States') ? value.States : undefined;
    const state = isJsonObject(states) && Object.hasOwn(states, name) ? states[name] : undefined;
    if (isJsonObject(state)) return { pointer: `${pointer}/States/${escaped(name)}`, state };
    for (const [member, inner] of Object.entries(value)) {
      if (HOLDS_MACHINES.has(member) || pointer.endsWith('/States')) {
        waiting.push({ pointer: `${pointer}/${escaped(member)}`, value: inner });
      }
    }
  }
  return null;
}

/** What leads to machines: what a task is given may hold anything under the name of a state. */
const HOLDS_MACHINES: ReadonlySet<string> = new Set(['States', 'Branches', 'ItemProcessor', 'Iterator']);

export const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
