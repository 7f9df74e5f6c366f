import { INLINE_LIMIT_BYTES, JsonObject } from '@baton/contracts';
import { z } from 'zod';

/** The JSON Schema of what goes through a zod schema, for people to read; null where there is none, or a very large one. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject | null {
  try {
    const made = JsonObject.safeParse(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
    return made.success && JSON.stringify(made.data).length <= INLINE_LIMIT_BYTES ? made.data : null;
  } catch {
    // A schema may hold what JSON Schema cannot say; the worker works all the same.
    return null;
  }
}
