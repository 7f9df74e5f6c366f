import type { Scope } from './evaluate.js';
import { compileExpression, expressionBody } from './expression.js';
import type { Json, JsonObject } from './json.js';
import { expressionsIn, isLong } from './templates.js';

/**
 * The part of a scope that the expressions of a template can see: the variables they name and the fields of `$states` they
 * read. All else can stay where it is when the template is evaluated somewhere else.
 */
export function visibleScope(template: Json, scope: Scope): Scope {
  // To know what such a one sees it would have to be read.
  if (isLong(template)) return scope;
  const names = new Set<string>();
  const fields = new Set<string>();
  let readsAll = false;
  for (const text of expressionsIn(template)) {
    const compiled = compileExpression(expressionBody(text));
    if (!compiled.ok) continue;
    const { expression } = compiled;
    for (const name of expression.names) names.add(name);
    for (const field of expression.stateFields) fields.add(field);
    readsAll ||= expression.readsAllStates;
  }
  const { input, context, result, errorOutput } = scope.states;
  const sees = (field: string): boolean => readsAll || fields.has(field);
  return {
    ...scope,
    states: {
      // Absent, they would be undefined: a field that is there and not read may be anything.
      input: sees('input') ? input : null,
      context: sees('context') ? context : {},
      ...(result !== undefined && sees('result') ? { result } : {}),
      ...(errorOutput !== undefined && sees('errorOutput') ? { errorOutput } : {}),
    },
    variables: only(scope.variables, names),
  };
}

const only = (variables: JsonObject, names: ReadonlySet<string>): JsonObject =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)));
