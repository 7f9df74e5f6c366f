const MOST_OF_NAME = 60;
const NAMING: ReadonlySet<string> = new Set(['name', 'title', 'id', 'key', 'path', 'file', 'url']);

const isWord = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

const shortened = (text: string): string => (text.length <= MOST_OF_NAME ? text : `${text.slice(0, MOST_OF_NAME)}…`);

/** What people call an item of a Map: the text or number that it is, or a member that names it; null where it has no name. */
export function nameOfItem(item: unknown): string | null {
  if (isWord(item)) return shortened(String(item));
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const found = Object.entries(item).find(([name, value]) => NAMING.has(name.toLowerCase()) && isWord(value));
  return found === undefined ? null : shortened(String(found[1]));
}

/** The Task and Wait states of a definition, at any depth: those that wait for somebody or something. */
export function statesThatTakeTime(definition: unknown): readonly string[] {
  if (typeof definition !== 'object' || definition === null) return [];
  return Object.entries(definition).flatMap(([name, value]: [string, unknown]) => {
    if (name !== 'States' || typeof value !== 'object' || value === null || Array.isArray(value)) {
      return statesThatTakeTime(value);
    }
    return Object.entries(value).flatMap(([state, body]: [string, unknown]) => {
      const type = typeof body === 'object' && body !== null && 'Type' in body ? body.Type : null;
      return [...(type === 'Task' || type === 'Wait' ? [state] : []), ...statesThatTakeTime(body)];
    });
  });
}
