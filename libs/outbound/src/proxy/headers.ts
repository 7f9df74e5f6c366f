/** Of one connection only, and between client and proxy only. */
const OURS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]);

/** The headers that go on, as they came in: names and values in turn. */
export function withoutOurs(raw: readonly string[], also: readonly string[] = []): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = raw.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (!OURS.has(lower) && lower !== 'transfer-encoding' && !also.includes(lower)) kept.push(name, value);
  }
  return kept;
}

/** The same by name: Node wants one value as a string, and more as a list. */
export function byName(raw: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = raw.slice(at, at + 2);
    const before = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
