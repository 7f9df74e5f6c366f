import { z } from 'zod';

/** The longest text that one call gives, in characters. */
const MOST_CHARACTERS = 48_000;

const Part = z.union([
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('resource'), resource: z.looseObject({ uri: z.string(), text: z.string() }) }),
  z.looseObject({ type: z.literal('resource_link'), uri: z.string() }),
  z.looseObject({ type: z.string() }),
]);

/**
 * What came of a call, as a model is told it. What is no text is named.
 *
 * @param clean takes out what nobody may see; before the text is cut, or the beginning of a secret would stay
 */
export function textOfContent(
  content: readonly unknown[],
  structured: unknown,
  clean: (text: string) => string,
): string {
  const said = content.map((each) => {
    const part = Part.safeParse(each);
    if (!part.success) return '[something that is no part of an answer]';
    if ('text' in part.data && typeof part.data.text === 'string') return part.data.text;
    if ('resource' in part.data) return textOfResource(part.data.resource);
    return 'uri' in part.data ? `[a link to ${part.data.uri}]` : `[${part.data.type}: not shown]`;
  });
  const whole = said.join('\n\n').trim();
  const text = clean(whole === '' && structured !== undefined ? JSON.stringify(structured, null, 2) : whole);
  if (text.length <= MOST_CHARACTERS) return text === '' ? '(it gave nothing)' : text;
  return `${text.slice(0, MOST_CHARACTERS).toWellFormed()}\n… [cut: ${text.length} characters]`;
}

function textOfResource(resource: unknown): string {
  const read = z.looseObject({ uri: z.string(), text: z.string() }).safeParse(resource);
  return read.success ? `${read.data.uri}:\n${read.data.text}` : '[a resource: not shown]';
}
