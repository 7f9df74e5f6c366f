/** What somebody typed as JSON: a value, nothing at all, or why it is neither. */
export type TypedJson =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'nothing' }
  | { readonly is: 'wrong'; readonly reason: string };

export function typedJson(text: string): TypedJson {
  if (text.trim() === '') return { is: 'nothing' };
  try {
    return { is: 'value', value: JSON.parse(text) };
  } catch (thrown) {
    return { is: 'wrong', reason: `This is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

/** As above, where only an object will do. */
export function typedObject(text: string): TypedJson {
  const typed = typedJson(text);
  if (typed.is !== 'value' || isObject(typed.value)) return typed;
  return { is: 'wrong', reason: 'This has to be a JSON object, with { and }.' };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON as a person edits it. */
export const editable = (value: unknown): string => JSON.stringify(value, null, 2);

/** Labels as one types them, `key=value` on lines of their own. */
export function typedLabels(text: string): { readonly labels: Record<string, string>; readonly wrong: string | null } {
  const labels: Record<string, string> = {};
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const at = line.indexOf('=');
    if (at < 1) return { labels: {}, wrong: `“${line}” is no label: write key=value.` };
    labels[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return { labels, wrong: null };
}

export const labelLines = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
