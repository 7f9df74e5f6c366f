import { type Document, isMap, isPair, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** A place in a text, in characters, and its line from 1. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

export interface Written {
  /** What is no YAML; then nothing else is said of it. */
  readonly errors: readonly (Place & { readonly message: string })[];
  /** Where a JSON pointer leads; where it leads nowhere, the nearest thing around that place. */
  readonly placeOf: (pointer: string) => Place;
  readonly document: Document;
}

/** A YAML text, read so that what is found in its content can be shown where it stands. */
export function writtenIn(text: string): Written {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: false });
  const placed = (from: number, to: number): Place => {
    const start = Math.min(from, text.length);
    return {
      from: start,
      to: Math.max(start, Math.min(to, text.length)),
      line: Math.max(1, lines.linePos(start).line),
    };
  };
  return {
    errors: document.errors.map(({ message, pos: [from, to] }) => ({
      ...placed(from, to),
      message: message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message,
    })),
    placeOf: (pointer) => {
      const [from, to] = rangeOf(document, segmentsOf(pointer));
      return placed(from, to);
    },
    document,
  };
}

/** RFC 6901: `~1` is a slash, and `~0` a tilde. */
export const segmentsOf = (pointer: string): readonly string[] =>
  pointer === ''
    ? []
    : pointer
        .split('/')
        .slice(1)
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

type Range = readonly [number, number];

/** Of a member the key is marked: its value may be hundreds of lines. Of the whole and of what is no member, where it begins. */
function rangeOf(document: Document, segments: readonly string[]): Range {
  let node: unknown = document.contents;
  let range: Range = [0, 0];
  for (const segment of segments) {
    const next = stepInto(node, segment);
    if (next === null) return range;
    range = next.range ?? range;
    node = next.node;
  }
  return range;
}

interface Step {
  readonly node: unknown;
  readonly range: Range | null;
}

function stepInto(node: unknown, segment: string): Step | null {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && keyOf(item.key) === segment);
    return pair === undefined ? null : { node: pair.value, range: rangeIn(pair.key) };
  }
  if (isSeq(node) && /^\d+$/.test(segment)) {
    const item = node.items[Number(segment)];
    return item === undefined ? null : { node: item, range: firstOf(rangeIn(item)) };
  }
  return null;
}

const keyOf = (key: unknown): string => {
  const value = typeof key === 'object' && key !== null && 'value' in key ? key.value : key;
  return String(value);
};

function rangeIn(node: unknown): Range | null {
  const range = typeof node === 'object' && node !== null ? (node as Node).range : null;
  return range == null ? null : [range[0], range[1]];
}

const firstOf = (range: Range | null): Range | null => (range === null ? null : [range[0], range[0]]);
