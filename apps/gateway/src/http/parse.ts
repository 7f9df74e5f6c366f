import { explainIssues, isNestedWithin, MAX_NESTING } from '@baton/contracts';
import type { z } from 'zod';
import { ProblemError } from './problem.js';

const escapePointer = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON pointer of a place in a body. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${escapePointer(part)}`).join('');

/** @throws ProblemError 422 with a pointer for each finding. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  // A schema would run off the stack, which is no fault of ours to report.
  if (!isNestedWithin(body)) {
    throw new ProblemError(`The request body is nested deeper than ${MAX_NESTING} levels.`, {
      status: 422,
      code: 'invalid-body',
      next: 'Send flatter data, or put it into a text.',
    });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProblemError('The request body does not have the expected shape.', {
    status: 422,
    code: 'invalid-body',
    next: 'Correct what errors[] points at; GET /v1/schemas has the schema.',
    errors: explainIssues(parsed.error, body, schema).map(({ path, detail }) => ({ pointer: pointerOf(path), detail })),
  });
}

/** @throws ProblemError 400 that names each parameter. */
export function parseParameters<S extends z.ZodType>(schema: S, parameters: unknown): z.output<S> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw new ProblemError('A parameter of the request is wrong.', {
    status: 400,
    code: 'invalid-parameter',
    next: 'Correct what errors[] names.',
    errors: explainIssues(parsed.error, parameters, schema).map(({ path, detail }) => ({
      pointer: path.map(String).join('.'),
      detail,
    })),
  });
}
