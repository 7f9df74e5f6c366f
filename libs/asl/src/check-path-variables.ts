import { type Finding, pointerTo, warningAt } from './finding.js';
import { isJsonObject, type Json } from './json.js';
import { compileQuery } from './jsonpath/compile-query.js';
import type { State } from './machine.js';

type Report = (finding: Finding) => void;

/** Machines of their own, and what is taken as it stands. */
const NO_PATHS = ['Branches', 'ItemProcessor', 'Iterator', 'Comment', 'Result'];

/** Warns of variables in the paths of a state in JSONPath that no state assigns, here or around: a run ends with them. */
export function checkPathVariables(state: State, at: string, variables: ReadonlySet<string>, report: Report): void {
  for (const [field, value] of Object.entries(state)) {
    if (!NO_PATHS.includes(field)) checkMember(field, value, pointerTo(at, field), variables, report);
  }
}

function checkMember(name: string, value: Json, at: string, variables: ReadonlySet<string>, report: Report): void {
  if (typeof value === 'string') {
    if (/(?:\.\$|Path|^Variable)$/.test(name)) checkQuery(value, at, variables, report);
    return;
  }
  if (!Array.isArray(value) && !isJsonObject(value)) return;
  for (const [key, item] of Object.entries(value)) checkMember(key, item, pointerTo(at, key), variables, report);
}

function checkQuery(text: string, at: string, variables: ReadonlySet<string>, report: Report): void {
  const compiled = compileQuery(text);
  if (!compiled.ok) return;
  for (const name of [...variablesIn(compiled.query)].sort()) {
    if (variables.has(name)) continue;
    const message = `no state assigns the variable ${name}, here or around: the run fails at ${text}`;
    report(warningAt(at, 'unknown-name', message));
  }
}

/** The variables that stand anywhere in a query: as the root of a path, in an argument, in a filter. */
function variablesIn(query: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting: unknown[] = [query];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    if ('kind' in part && part.kind === 'variable' && 'name' in part && typeof part.name === 'string') {
      names.add(part.name);
    }
    waiting.push(...Object.values(part));
  }
  return names;
}
