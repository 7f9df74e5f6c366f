import { isJsonObject, type Json, type JsonObject } from './json.js';
import { isQueryLanguage, type QueryLanguage } from './machine.js';

/**
 * A definition as it was meant when machines inside a state took over the query language of that state: those that say
 * none get it written down. Today they take over that of the machine around them. Gives the very same object where both
 * rules say the same, as they do for nearly all definitions.
 */
export function withStateLanguages(definition: JsonObject): JsonObject {
  return explicitMachine(definition, 'JSONPath', 'JSONPath');
}

function explicitMachine(machine: JsonObject, before: QueryLanguage, today: QueryLanguage): JsonObject {
  const own = isQueryLanguage(machine.QueryLanguage) ? machine.QueryLanguage : null;
  const language = own ?? before;
  // Once it is written down, both rules go on from the same.
  const from = own === null && before !== today ? { ...machine, QueryLanguage: before } : machine;
  if (!isJsonObject(from.States)) return from;
  return withMembers(from, 'States', (state) =>
    explicitState(
      state,
      isJsonObject(state) && isQueryLanguage(state.QueryLanguage) ? state.QueryLanguage : language,
      language,
    ),
  );
}

function explicitState(state: Json, before: QueryLanguage, today: QueryLanguage): Json {
  if (!isJsonObject(state)) return state;
  const machine = (json: Json): Json => (isJsonObject(json) ? explicitMachine(json, before, today) : json);
  const branches = withMembers(state, 'Branches', machine);
  const processors = Object.entries(branches).flatMap(([field, json]) => {
    if (field !== 'ItemProcessor' && field !== 'Iterator') return [];
    const explicit = machine(json);
    return explicit === json ? [] : [[field, explicit] as const];
  });
  return processors.length === 0 ? branches : { ...branches, ...Object.fromEntries(processors) };
}

/** The object with every member of one of its lists or objects changed; the same one where nothing changes. */
function withMembers(holder: JsonObject, field: string, change: (member: Json) => Json): JsonObject {
  const inner = holder[field];
  if (Array.isArray(inner)) {
    const items = inner.map(change);
    return items.every((item, index) => item === inner[index]) ? holder : { ...holder, [field]: items };
  }
  if (!isJsonObject(inner)) return holder;
  const entries = Object.entries(inner).map(([name, member]) => [name, change(member)] as const);
  return entries.every(([name, member]) => member === inner[name])
    ? holder
    : { ...holder, [field]: Object.fromEntries(entries) };
}
