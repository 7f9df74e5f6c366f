import { isJsonObject, type JsonObject } from '@baton/asl';
import type { ComposedStep } from '@baton/contracts';

/** Whose answer has the shape that it is asked for. */
const PROMPT = 'worker:prompt';

/**
 * What a step gives, as a JSON Schema; null where that is not known.
 *
 * @param said of what it uses, by whoever that is
 */
export function outputOf({ use, arguments: args, each }: ComposedStep, said: JsonObject | null): JsonObject | null {
  const one = use === PROMPT ? answerOf(args) : said;
  if (each === undefined) return one;
  return { type: 'array', ...(one === null ? {} : { items: one }) };
}

function answerOf(args: ComposedStep['arguments']): JsonObject | null {
  const asked = args.find(({ name }) => name === 'output' || name.startsWith('output.'));
  if (asked === undefined) return { type: 'object', properties: { text: { type: 'string' } } };
  if (asked.from !== 'json' || asked.name !== 'output') return null;
  try {
    const schema: unknown = JSON.parse(asked.value);
    return isJsonObject(schema) ? schema : null;
  } catch {
    return null;
  }
}
