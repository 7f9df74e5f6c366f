import { z } from 'zod';

/** JSON Schema of a parameter, as far as one is written here. */
export interface ParameterSchema {
  readonly type: 'string' | 'integer' | 'number' | 'array';
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
  readonly items?: { readonly type: 'string'; readonly pattern?: string };
}

/**
 * What schemas that read a parameter's text are in the description of the API: a number is an integer there, and not a text of
 * digits.
 */
export const PARAMETERS = z.registry<ParameterSchema>();

/** How many items a page holds. @param most and at most */
export const pageLimit = (most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `must be a number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1, `must be at least 1`).max(most, `must be at most ${most}`))
    .default(usual)
    .register(PARAMETERS, { type: 'integer', minimum: 1, maximum: most, default: usual });

/** A number from 0 on. `pattern` says how many digits it may have. */
export const wholeNumber = (pattern: RegExp, message: string) =>
  z.string().regex(pattern, message).transform(Number).register(PARAMETERS, { type: 'integer', minimum: 0 });
