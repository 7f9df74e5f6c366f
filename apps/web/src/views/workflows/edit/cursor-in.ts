import { isMap, isScalar, isSeq, parseDocument } from 'yaml';

export type Path = readonly (string | number)[];

/** What is being written at a place of a YAML text. */
export interface Cursor {
  /** Of a member its name, or a value; `either` where the line so far can become both. */
  readonly kind: 'key' | 'value' | 'either';
  /** Where what is written belongs: of a name the object that it is to be a member of. */
  readonly path: Path;
  /** All that is written, but for what is being written. */
  readonly document: unknown;
  /** Where the word that is being written begins. */
  readonly from: number;
  /** How far it stands in, where it begins its line. */
  readonly indent: number | null;
  /** Whether a name needs its colon yet. */
  readonly isNew: boolean;
}

/** Stands for what is being written while the text is read: nobody has it in a document. */
const MARK = '\uE000here\uE000';

/** Words of a document; a colon in one is followed by no space. */
const BEFORE = /(["']?)([^\s[\]{},"'#]*)$/;
const AFTER = /^((?:[^\s:[\]{},"'#]|:(?=[^\s,\]}]))*)(["']?)/;

/**
 * A text that is being typed in is seldom one that can be parsed: the word at the cursor is, with a mark in its place, and
 * what is broken elsewhere costs its own surroundings. Null in comments, in texts of several words and in expressions.
 */
export function cursorIn(text: string, position: number): Cursor | null {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const lineEnd = text.indexOf('\n', position);
  const end = lineEnd === -1 ? text.length : lineEnd;
  const before = text.slice(start, position);
  const [, quote = '', typed = ''] = BEFORE.exec(before) ?? [];
  const from = position - typed.length;
  const lead = before.slice(0, before.length - typed.length - quote.length);
  const [rest = '', , closing = ''] = AFTER.exec(text.slice(position, end)) ?? [];
  const until = position + rest.length - (quote === '' ? closing.length : 0);
  const isFirst = /^\s*(?:- +)*$/.test(lead);
  const hasColon = /^\s*:(?:\s|$)/.test(text.slice(until, end));
  if (!isFirst && lead.trim() !== '' && /\S$/.test(lead) && !/[[{,]$/.test(lead)) return null;
  const mark = isFirst && !hasColon ? `${MARK}: null` : MARK;
  const marked = text.slice(0, from - quote.length) + mark + text.slice(until);
  const document = parseDocument(marked, { uniqueKeys: false, logLevel: 'silent', keepSourceTokens: false });
  const found = placeOf(document.contents, []);
  if (found === null) return null;
  return {
    kind: found.kind === 'key' && found.isAlone && isFirst && !hasColon ? 'either' : found.kind,
    path: found.path,
    document: contentOf(document),
    from,
    indent: isFirst ? lead.length : null,
    // Within quotes the colon has its place behind them.
    isNew: !hasColon && quote === '',
  };
}

interface Place {
  readonly kind: 'key' | 'value';
  readonly path: Path;
  /** Whether the object has no other member. */
  readonly isAlone: boolean;
}

function placeOf(node: unknown, path: Path): Place | null {
  if (isScalar(node)) return isMark(node) ? { kind: 'value', path, isAlone: true } : null;
  if (isMap(node)) {
    if (node.items.some(({ key }) => isMark(key))) return { kind: 'key', path, isAlone: node.items.length === 1 };
    return firstIn(
      node.items.map(({ key, value }) => [nameOf(key), value] as const),
      path,
    );
  }
  return isSeq(node) ? firstIn([...node.items.entries()], path) : null;
}

const isMark = (key: unknown): boolean => isScalar(key) && key.value === MARK;

function firstIn(members: readonly (readonly [string | number, unknown])[], path: Path): Place | null {
  for (const [segment, value] of members) {
    const found = placeOf(value, [...path, segment]);
    if (found !== null) return found;
  }
  return null;
}

const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** Aliases without end are not followed. */
function contentOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return withoutMark(document.toJS({ maxAliasCount: 100 }));
  } catch {
    return null;
  }
}

function withoutMark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMark);
  if (typeof value !== 'object' || value === null) return value === MARK ? null : value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (name === MARK ? [] : [[name, withoutMark(each)]])),
  );
}
