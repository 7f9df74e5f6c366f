/**
 * Makes every regular expression of a syntax tree see characters, where JSONata's see halves of those beyond U+FFFF: `/./`
 * would take one apart. What JavaScript allows in the older form only, such as an escape that is none, stays in it.
 */
export function readRegexesAsUnicode(tree: unknown): void {
  const seen = new Set<object>();
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    for (const [key, value] of Object.entries(node)) {
      if (value instanceof RegExp) Reflect.set(node, key, asUnicode(value));
      else waiting.push(value);
    }
  }
}

function asUnicode(regex: RegExp): RegExp {
  if (regex.unicode) return regex;
  try {
    return new RegExp(regex.source, `${regex.flags}u`);
  } catch {
    return regex;
  }
}
