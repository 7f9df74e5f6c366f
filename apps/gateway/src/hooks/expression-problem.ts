import { compileExpression, expressionBody, isExpression, type Json, pointerTo } from '@baton/asl';

/** What is wrong with an expression of a template, and where; null where all can be read. Whether they give anything is seen when they are evaluated. */
export function expressionProblem(
  template: Json,
  pointer: string,
): { readonly pointer: string; readonly detail: string } | null {
  if (typeof template === 'string') {
    const compiled = isExpression(template) ? compileExpression(expressionBody(template)) : null;
    return compiled === null || compiled.ok ? null : { pointer, detail: compiled.problem };
  }
  if (typeof template !== 'object' || template === null) return null;
  for (const [key, item] of Object.entries(template)) {
    const problem = expressionProblem(item, pointerTo(pointer, key));
    if (problem !== null) return problem;
  }
  return null;
}
