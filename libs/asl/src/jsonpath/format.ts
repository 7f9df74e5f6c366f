import { isJsonObject, type Json } from '../json.js';

/**
 * The template of States.Format with each `{}` replaced by the next value; `\{`, `\}` and `\\` stand for themselves.
 * Null where there are more or fewer `{}` than values.
 */
export function formatTemplate(template: string, values: readonly Json[]): string | null {
  let used = 0;
  const text = template.replace(/\\([{}\\])|\{\}/g, (match: string, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    used += 1;
    const value = values[used - 1];
    return value === undefined ? match : shown(value);
  });
  return used === values.length ? text : null;
}

/** As the recorded service writes a value into a text: objects as `{name=value}`, without quotes. */
function shown(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (isJsonObject(value)) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${name}=${shown(member)}`)
      .join(', ')}}`;
  }
  return String(value);
}
