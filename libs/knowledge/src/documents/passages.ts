/** A part of a text that is found and shown as one. */
export interface Passage {
  /** The headings above it, from the outermost, joined by ` › `; empty where there are none. */
  readonly heading: string;
  /** Its lines, from 1, the last one included. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Some 300 tokens: enough to stand for itself, and several fit into one answer. */
const MOST_CHARACTERS = 1_400;
const LONGEST_HEADING = 160;

interface Section {
  readonly heading: string;
  readonly first: number;
  readonly lines: string[];
}

/**
 * Cuts a text by its headings, and what is longer than a passage at an empty line, at a line's end, or where it must.
 *
 * @param hasHeadings whether lines such as `## Title` are headings; in a source file they are something else
 */
export function passagesOf(lines: readonly string[], hasHeadings: boolean): readonly Passage[] {
  return sectionsOf(lines, hasHeadings).flatMap(cutSection);
}

function sectionsOf(lines: readonly string[], hasHeadings: boolean): readonly Section[] {
  const sections: Section[] = [{ heading: '', first: 1, lines: [] }];
  let path: readonly { readonly level: number; readonly title: string }[] = [];
  let fence: string | null = null;
  for (const [index, line] of lines.entries()) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1] ?? null;
    if (mark !== null && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark : null;
    const heading = hasHeadings && fence === null ? headingAt(line, lines[index + 1]) : null;
    if (heading !== null) {
      path = [...path.filter(({ level }) => level < heading.level), heading];
      const title = path.map((each) => each.title).join(' › ');
      sections.push({ heading: title.slice(0, LONGEST_HEADING), first: index + 1, lines: [] });
    }
    sections.at(-1)?.lines.push(line);
  }
  return sections;
}

function headingAt(line: string, next: string | undefined): { readonly level: number; readonly title: string } | null {
  const [, marks, title] = /^ {0,3}(#{1,6})[ \t]+(\S.{0,300})/.exec(line) ?? [];
  if (marks !== undefined && title !== undefined)
    return { level: marks.length, title: title.replace(/[ \t]+#*[ \t]*$/, '') };
  if (next === undefined || line.trim() === '' || line.length > 200 || /^[\s>*+-]/.test(line)) return null;
  if (/^=+\s*$/.test(next)) return { level: 1, title: line.trim() };
  return /^-{3,}\s*$/.test(next) ? { level: 2, title: line.trim() } : null;
}

function cutSection({ heading, first, lines }: Section): readonly Passage[] {
  const passages: Passage[] = [];
  let held: string[] = [];
  let characters = 0;
  let from = first;
  const close = (before: number): void => {
    const text = held.join('\n').trim();
    if (text !== '') passages.push({ heading, from, to: before - 1, text });
    held = [];
    characters = 0;
    from = before;
  };
  for (const [index, line] of lines.entries()) {
    const at = first + index;
    const isFull = characters + line.length > MOST_CHARACTERS;
    const isBreak = line.trim() === '' && characters > MOST_CHARACTERS / 2;
    if (held.length > 0 && (isFull || isBreak)) close(at);
    if (line.length > MOST_CHARACTERS) {
      for (const text of piecesOf(line)) passages.push({ heading, from: at, to: at, text });
      from = at + 1;
      continue;
    }
    held.push(line);
    characters += line.length + 1;
  }
  close(first + lines.length);
  return passages;
}

/** A line without end: no piece breaks a character that takes two places. */
function piecesOf(line: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < line.length; at += MOST_CHARACTERS) {
    pieces.push(line.slice(at, at + MOST_CHARACTERS).toWellFormed());
  }
  return pieces;
}
