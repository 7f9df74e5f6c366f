import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { Parser } from 'htmlparser2';

/*
 * The text of an HTML page, with its headings as Markdown has them. The parser hands out tags and texts as they come and
 * no tree is built: trees of hostile pages were measured, and a page of 1.5 MB that opens 300,000 elements took converters
 * 76 seconds, one with ten wide cells all memory. Here a page that is nested too deeply ends where it becomes so.
 */

/** What no reader of a page sees, and what stands on all pages of a site. */
const LEFT_OUT = new Set(
  'script style noscript template svg math iframe object embed canvas audio video head nav footer select textarea button'.split(
    ' ',
  ),
);
const BLOCKS = new Set(
  'address article aside blockquote body caption details dd div dl dt fieldset figcaption figure form header hr li main ol p section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
const DEEPEST = 400;
/** So much is parsed before it is looked whether the page goes too deep, and before others have their turn. */
const PIECE_CHARACTERS = 16 * 1024;

export interface PageText {
  readonly text: string;
  /** Whether it ends before the page does. */
  readonly isCut: boolean;
}

export async function htmlText(html: string): Promise<PageText> {
  const writer = openWriter();
  const parser = new Parser(writer, { decodeEntities: true });
  let at = 0;
  for (; at < html.length && !writer.isTooDeep(); at += PIECE_CHARACTERS) {
    parser.write(html.slice(at, at + PIECE_CHARACTERS));
    if (at % (16 * PIECE_CHARACTERS) === 0) await yieldToOthers();
  }
  if (!writer.isTooDeep()) parser.end();
  return { text: writer.text(), isCut: writer.isTooDeep() };
}

/** What is written so far, and where in the page that is. */
interface Place {
  readonly parts: string[];
  depth: number;
  /** The depth of the outermost element that is left out; 0 outside of any. */
  leftOutAt: number;
  preAt: number;
  isTooDeep: boolean;
  /** White space that is written when something follows it. */
  gap: '' | ' ' | '\n' | '\n\n';
}

function openWriter() {
  const place: Place = { parts: [], depth: 0, leftOutAt: 0, preAt: 0, isTooDeep: false, gap: '' };
  return {
    onopentag: (name: string, { alt }: Readonly<Record<string, string>>): void => {
      place.depth += 1;
      if (place.depth > DEEPEST) place.isTooDeep = true;
      if (place.isTooDeep || place.leftOutAt > 0) return;
      if (LEFT_OUT.has(name)) place.leftOutAt = place.depth;
      else openElement(place, name, alt);
    },
    onclosetag: (name: string): void => {
      const { depth } = place;
      place.depth -= 1;
      if (place.isTooDeep || (place.leftOutAt > 0 && place.leftOutAt !== depth)) return;
      if (place.leftOutAt === depth) place.leftOutAt = 0;
      else closeElement(place, name, depth);
    },
    ontext: (text: string): void => {
      if (!place.isTooDeep && place.leftOutAt === 0) write(place, text);
    },
    isTooDeep: (): boolean => place.isTooDeep,
    text: (): string => place.parts.join('').trim(),
  };
}

const isHeading = (name: string): boolean => /^h[1-6]$/.test(name);

function openElement(place: Place, name: string, alt: string | undefined): void {
  if (name === 'pre' && place.preAt === 0) {
    put(place, '\n\n', '```\n');
    place.preAt = place.depth;
  } else if (isHeading(name)) put(place, '\n\n', `${'#'.repeat(Number(name.slice(1)))} `);
  else if (name === 'li') put(place, '\n', '- ');
  else if (name === 'td' || name === 'th') put(place, '', '| ');
  else if (name === 'br') widen(place, '\n');
  else if (name === 'img' && alt !== undefined && alt.trim() !== '') write(place, ` [image: ${alt.trim()}] `);
  else if (BLOCKS.has(name)) widen(place, name === 'tr' || name === 'li' ? '\n' : '\n\n');
}

function closeElement(place: Place, name: string, depth: number): void {
  if (place.preAt === depth && name === 'pre') {
    place.preAt = 0;
    put(place, '\n', '```');
    widen(place, '\n\n');
  } else if (isHeading(name)) widen(place, '\n\n');
  else if (name === 'td' || name === 'th') widen(place, ' ');
  else if (BLOCKS.has(name)) widen(place, name === 'tr' || name === 'li' ? '\n' : '\n\n');
}

function write(place: Place, text: string): void {
  if (place.preAt > 0) {
    // A fence within would end the block early.
    if (text !== '') place.parts.push(text.replaceAll('```', "'''"));
    return;
  }
  const words = text.replace(/[\s\u00a0]+/g, ' ');
  if (words.startsWith(' ')) widen(place, ' ');
  const trimmed = words.trim();
  if (trimmed === '') return;
  put(place, '', trimmed);
  if (words.endsWith(' ')) place.gap = ' ';
}

/** Writes what stands between, and then the text. */
function put(place: Place, gap: Place['gap'], text: string): void {
  widen(place, gap);
  if (place.parts.length > 0) place.parts.push(place.gap);
  place.parts.push(text);
  place.gap = '';
}

function widen(place: Place, gap: Place['gap']): void {
  if (place.gap.length < gap.length || (place.gap === ' ' && gap === '\n')) place.gap = gap;
}
