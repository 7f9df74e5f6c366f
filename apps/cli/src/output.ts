import type { CutSecrets } from '@baton/contracts';
import pc from 'picocolors';
import { formatTable, inOrder } from './table.js';

export type Format = 'table' | 'json' | 'jsonl';

type Colors = ReturnType<typeof pc.createColors>;

/** One of the two streams of the process, and what it can show. */
export interface Sink {
  /** On a terminal nothing but lines, tabs and the colours of `colors` gets through: text of others cannot move the cursor. */
  write(text: string): void;
  /** Cursor movement of our own, for a terminal. */
  move(sequence: string): void;
  /** The stream is a terminal that understands cursor movement. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** How wide tables may be: a pipe takes any width, unless COLUMNS says otherwise. */
  readonly width: number;
  readonly colors: Colors;
}

export interface Io {
  /** Data only. */
  readonly out: Sink;
  /** Everything a person reads beside the data. Hints in it (`baton …`) come out as the user can type them. */
  readonly err: Sink;
  /** What to type for this command where the user stands. */
  readonly callName: string;
  readStdin(): Promise<Buffer>;
}

interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const widthOf = (columns: string | undefined): number => Math.max(0, Number.parseInt(columns ?? '', 10) || 0);

interface SinkOptions {
  readonly isMuted?: () => boolean;
  /** Cuts out what must not be shown. */
  readonly cut?: CutSecrets;
}

/** A colour of ours, a line end, or a character that would do something to a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DOING = /\u001b\[(?:0|1|2|22|3[1-6]|39)m|\r?\n|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const shown = (found: string): string =>
  found.length > 1 || found === '\n' ? found : `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Text that a terminal shows and does not obey. */
const harmless = (text: string): string => inOrder(text.replace(DOING, shown));

/** No colour and no cursor movement off a terminal; NO_COLOR takes the colours of a terminal, too. Silent while muted. */
export function sinkOf(
  stream: TextStream,
  env: {
    readonly NO_COLOR?: string | undefined;
    readonly TERM?: string | undefined;
    readonly COLUMNS?: string | undefined;
  },
  { isMuted = () => false, cut = (text) => text }: SinkOptions = {},
): Sink {
  const isTerminal = stream.isTTY === true && env.TERM !== 'dumb';
  const send = (text: string): void => {
    if (!isMuted()) stream.write(text);
  };
  return {
    write: (text) => send(stream.isTTY === true ? harmless(cut(text)) : cut(text)),
    move: (sequence) => {
      if (isTerminal) send(sequence);
    },
    isTerminal,
    get columns() {
      return stream.columns || widthOf(env.COLUMNS) || 100;
    },
    get width() {
      return widthOf(env.COLUMNS) || (isTerminal && stream.columns) || Number.POSITIVE_INFINITY;
    },
    colors: pc.createColors(isTerminal && env.NO_COLOR === undefined),
  };
}

/** The sink, with another way in. */
export const withWrite = (sink: Sink, write: Sink['write']): Sink => ({
  write,
  move: sink.move,
  isTerminal: sink.isTerminal,
  get columns() {
    return sink.columns;
  },
  get width() {
    return sink.width;
  },
  colors: sink.colors,
});

export const writeLine = (sink: Sink, line: string): void => sink.write(`${line}\n`);

/** How one kind of thing is shown as rows. */
export interface Columns<T> {
  readonly headings: readonly string[];
  row(item: T): readonly string[];
}

/** A list: a table, one JSON array, or one JSON object a line. An empty table says so on stderr. */
export function writeList<T>(io: Io, format: Format, items: readonly T[], columns: Columns<T>, nothing: string): void {
  if (format === 'json') {
    writeLine(io.out, JSON.stringify(items, null, 2));
  } else if (format === 'jsonl') {
    for (const item of items) writeLine(io.out, JSON.stringify(item));
  } else if (items.length === 0) {
    writeLine(io.err, nothing);
  } else {
    for (const line of formatTable(columns.headings, items.map(columns.row), io.out.width)) writeLine(io.out, line);
  }
}

/** One thing: text for people, or JSON. */
export function writeOne<T>(
  io: Io,
  format: Format,
  item: T,
  lines: (item: T, width: number) => readonly string[],
): void {
  if (format === 'table') for (const line of lines(item, io.out.width)) writeLine(io.out, line);
  else writeLine(io.out, format === 'json' ? JSON.stringify(item, null, 2) : JSON.stringify(item));
}
