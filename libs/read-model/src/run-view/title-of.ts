import type { Json } from '@baton/contracts';

/*
 * What people recognise a run by: a line of what was asked for. What is under seal is no text (`{ $sealed: … }`), and so is
 * what lies in a blob: neither is shown.
 */

/** Members of an input that say what it is about, the best first. */
const TELLING = ['title', 'name', 'subject', 'requirements', 'task', 'question', 'prompt', 'topic', 'text'];
const MOST = 120;

export function titleOf(input: Json): string | null {
  for (const text of textsIn(input)) {
    const line = firstLine(text);
    if (line !== null) return line;
  }
  return null;
}

function textsIn(input: Json): readonly string[] {
  if (typeof input === 'string') return [input];
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const texts = Object.entries(input).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const rank = (name: string): number => (TELLING.includes(name) ? TELLING.indexOf(name) : TELLING.length);
  return texts.toSorted(([a], [b]) => rank(a) - rank(b)).map(([, value]) => value);
}

/** The first line that says something, without the marks of a heading. Long texts are not looked through for it. */
function firstLine(text: string): string | null {
  for (const line of text.slice(0, 2_000).split('\n')) {
    const said = line
      .replace(/^[\s#>*-]+/, '')
      .replace(/\s+/g, ' ')
      .trim();
    if (said === '') continue;
    const characters = [...said];
    return characters.length <= MOST
      ? said.toWellFormed()
      : `${characters
          .slice(0, MOST - 1)
          .join('')
          .toWellFormed()}…`;
  }
  return null;
}
