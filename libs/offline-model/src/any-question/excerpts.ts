import { createHash } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { tellingWords } from '../words.js';

/** An option and the text that tells what it stands for: `name: word, word;` gives the words of one of several. */
interface Option {
  readonly name: string;
  readonly about: string;
}

/** What an answer can be made of: a text's sentences and words, and numbers that depend on nothing else. */
export interface Excerpts {
  /** How many sentences the text has, at least 1. */
  readonly count: number;
  /** The index of the option that shares the most words with the text; of none that does, the last, as a list puts it. */
  choose(options: readonly Option[]): number;
  /** Whether the text has a word of this one. */
  mentions(about: string): boolean;
  /** A share (0 ≤ x < 1) that depends on the text and the name. */
  share(name: string): number;
  /** The sentence that is about this, each time another one, with length and form as wanted; null where none has them. */
  find(
    about: string,
    length: { readonly least: number; readonly most: number },
    form: { readonly format: string; readonly pattern: string },
  ): string | null;
}

const NOTHING_SAID = 'Nothing was said.';

export function createExcerpts(text: string): Excerpts {
  const words = tellingWords(text);
  const sentences = sentencesOf(text).map((sentence) => ({ sentence, words: tellingWords(sentence) }));
  const used = new Map<string, number>();
  const shared = (about: string): number => [...tellingWords(about)].filter((word) => words.has(word)).length;
  const share = (name: string): number =>
    createHash('sha256').update(`${name}\0${text}`).digest().readUInt32BE(0) / 2 ** 32;

  /** The sentences, the ones that are about it first, and after each use the next one. */
  const ranked = (about: string): readonly string[] => {
    const asked = tellingWords(about);
    const alike = sentences.map((each) => ({
      ...each,
      hits: [...asked].filter((word) => each.words.has(word)).length,
    }));
    const sorted = alike.toSorted((one, other) => other.hits - one.hits).map(({ sentence }) => sentence);
    const turn = (used.get(about) ?? 0) % sorted.length;
    used.set(about, turn + 1);
    return [...sorted.slice(turn), ...sorted.slice(0, turn)];
  };

  return {
    count: sentences.length,
    choose: (options) => {
      const hits = options.map(({ name, about }) => shared(`${spaced(name)} ${wordsFor(name, about)}`));
      const most = Math.max(...hits);
      return most === 0 ? options.length - 1 : hits.indexOf(most);
    },
    mentions: (about) => shared(spaced(about)) > 0,
    share,
    find: (about, { least, most }, { format, pattern }) => {
      const candidates = format === '' ? ranked(spaced(about)) : formatted(format, share(about));
      const plain = pattern === '' ? candidates : [...candidates, ...(text.match(/\S+/g) ?? []), ...PATTERN_SAMPLES];
      const fits = matcher(pattern);
      for (const each of plain) {
        const candidate = sized(each, least, most);
        if (fits(candidate)) return candidate;
      }
      return null;
    },
  };
}

/** Enough for slugs, versions, codes and dates. */
const PATTERN_SAMPLES = ['a', 'A', '0', '1.0.0', 'answer-1', 'ABC-123', '2026-01-01', 'answer_1', '12345'];

/** A pattern is somebody's and may take for ever, which only a context of its own can end. */
const MATCHING_MS = 100;

function matcher(pattern: string): (text: string) => boolean {
  if (pattern === '') return () => true;
  const context = createContext({ pattern, text: '' });
  let leftMs = MATCHING_MS;
  return (text) => {
    if (leftMs <= 0) return false;
    context.text = text;
    const begunMs = performance.now();
    try {
      return runInContext("new RegExp(pattern, 'u').test(text)", context, { timeout: Math.ceil(leftMs) }) === true;
    } catch {
      // No pattern, or one that takes too long: nothing is known to fit it.
      return false;
    } finally {
      leftMs -= performance.now() - begunMs;
    }
  };
}

function formatted(format: string, share: number): readonly string[] {
  const digits = String(Math.floor(share * 1e12)).padStart(12, '0');
  switch (format) {
    case 'date-time':
      return ['2026-01-01T00:00:00Z'];
    case 'date':
      return ['2026-01-01'];
    case 'time':
      return ['00:00:00Z'];
    case 'email':
      return ['somebody@example.com'];
    case 'uri':
    case 'url':
      return ['https://example.com/'];
    case 'uuid':
      return [`00000000-0000-4000-8000-${digits}`];
    default:
      return [`answer-${digits}`];
  }
}

/** Whole sentences where they fit, else cut at a word; too short a text is repeated. Lengths count characters, as JSON Schema does. */
function sized(text: string, least: number, most: number): string {
  const long = [...text].length >= least ? text : `${text} `.repeat(Math.ceil(least / (text.length || 1)) + 1);
  const characters = [...long];
  if (characters.length <= most) return long;
  const cut = characters.slice(0, most).join('');
  const atWord = cut.slice(0, cut.lastIndexOf(' ')).trimEnd();
  return [...atWord].length >= Math.max(least, 1) ? atWord : cut;
}

function sentencesOf(text: string): readonly string[] {
  const sentences = text
    .split(/\n+|(?<=[.!?。！？])\s+/u)
    .map((sentence) => sentence.replace(/^[\s#>*-]+|\s+$/g, ''))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  return sentences.length === 0 ? [NOTHING_SAID] : sentences;
}

/** `firstName` and `first_name` as words. */
const spaced = (name: string): string => name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll(/[_-]/g, ' ');

/** What stands behind `name:` in a description, up to a semicolon or the end of its line. */
function wordsFor(name: string, about: string): string {
  const start = about.toLowerCase().indexOf(`${name.toLowerCase()}:`);
  return start < 0 ? '' : (/^[^;\n]*/.exec(about.slice(start + name.length + 1))?.[0] ?? '');
}
