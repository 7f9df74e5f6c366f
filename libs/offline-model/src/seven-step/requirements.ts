/** One thing the text asks for, with the id under which plan, code and reviews speak of it. */
export interface RequirementPoint {
  readonly id: string;
  readonly text: string;
  /** The heading it stands under; the title where there is none. */
  readonly section: string;
}

export interface Requirements {
  readonly title: string;
  /** At least one, whatever the text. */
  readonly points: readonly RequirementPoint[];
  /** How many further points the text has beyond the limit. */
  readonly leftOut: number;
}

/** More points than anybody reads in one plan; the rest is counted and named as left out. */
export const MAX_POINTS = 40;
const MAX_POINT_CHARS = 300;
const MAX_TITLE_CHARS = 100;

/**
 * Control characters, and the invisible ones that reorder or hide text: in a source file they would show something else
 * than they do. The joiners that Persian, Hindi and emoji need stay, and so does the line feed.
 */
const UNSAFE = /(?!\n)[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

const HEADING = /^#{1,6} (.*)$/;
const BULLET = /^(?:(?:[-*+•·–]|\(?\d{1,3}[.)]|[a-z][.)]) |[\d一二三四五六七八九十]{1,3}、)(.*)$/iu;
const FENCE = /^(?:```|~~~)/;
const UNDERLINE = /^(?:=+|-{2,}|\*{3,}|_{3,})$/;
const SENTENCE_END = /(?<=[.!?;…])\s+|(?<=[。！？；])/u;
const HAS_WORD = /[\p{L}\p{N}]/u;

/** Reads any text as a list of points: its list items, else its sentences. Code in fences is an example, not a point. */
export function readRequirements(text: string): Requirements {
  const lines = blocksOf(cleaned(text));
  const headings = lines.filter((line) => line.kind === 'heading');
  const bullets = lines.filter((line) => line.kind === 'bullet');
  const prose = lines.filter((line) => line.kind === 'prose');
  const title = shortened(headings[0]?.text ?? firstSentence(prose) ?? bullets[0]?.text ?? 'Untitled', MAX_TITLE_CHARS);

  const asked = bullets.length > 0 ? bullets : prose.flatMap(sentencesOf);
  const found = distinct(asked.length > 0 ? asked : headings);
  const points = found.slice(0, MAX_POINTS).map((line, index) => ({
    id: `R${index + 1}`,
    text: shortened(line.text, MAX_POINT_CHARS),
    section: line.section === '' ? title : shortened(line.section, MAX_TITLE_CHARS),
  }));
  return {
    title,
    points: points.length > 0 ? points : [{ id: 'R1', text: title, section: title }],
    leftOut: Math.max(0, found.length - MAX_POINTS),
  };
}

interface Line {
  readonly kind: 'heading' | 'bullet' | 'prose';
  readonly text: string;
  readonly section: string;
}

function cleaned(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(/\t/g, ' ').replace(UNSAFE, ' ');
}

function blocksOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let section = '';
  let isInFence = false;
  let isContinued = false;
  for (const raw of text.split('\n')) {
    // Runs of blanks become one here, so that no pattern below can take quadratic time over a long run of them.
    const line = raw.replace(/\s+/g, ' ').trim();
    if (FENCE.test(line)) isInFence = !isInFence;
    if (isInFence || FENCE.test(line) || !HAS_WORD.test(line) || UNDERLINE.test(line)) {
      isContinued = false;
      continue;
    }
    const heading = HEADING.exec(line)?.[1];
    const bullet = BULLET.exec(line)?.[1];
    const last = lines.at(-1);
    if (heading !== undefined) {
      section = plain(heading.replace(/ #+$/, ''));
      lines.push({ kind: 'heading', text: section, section });
    } else if (bullet !== undefined) {
      lines.push({ kind: 'bullet', text: plain(bullet.trim()), section });
    } else if (isContinued && last !== undefined && last.kind !== 'heading') {
      // A wrapped line belongs to the item or paragraph before it.
      lines[lines.length - 1] = { ...last, text: `${last.text} ${plain(line)}` };
    } else {
      lines.push({ kind: 'prose', text: plain(line), section });
    }
    isContinued = true;
  }
  return lines.filter((line) => HAS_WORD.test(line.text));
}

/** Without the marks of Markdown, which mean nothing in a list of points. */
function plain(text: string): string {
  return text
    .replace(/^\[[ xX]\]\s+/, '')
    .replace(/\*\*|__|`/g, '')
    .trim();
}

const sentencesOf = (line: Line): readonly Line[] =>
  line.text
    .split(SENTENCE_END)
    .map((sentence) => ({ ...line, text: sentence.trim() }))
    .filter((sentence) => HAS_WORD.test(sentence.text));

const firstSentence = (prose: readonly Line[]): string | undefined =>
  prose[0] === undefined ? undefined : sentencesOf(prose[0])[0]?.text;

function distinct(lines: readonly Line[]): readonly Line[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const key = line.text.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Cut at a character a reader sees, never within one. */
function shortened(text: string, maxChars: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= maxChars) return line;
  return `${line
    .slice(0, maxChars - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trimEnd()}…`;
}
