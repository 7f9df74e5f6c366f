import { Fragment, type ReactElement, type ReactNode, useMemo, useState } from 'react';
import { Button } from '../button.js';
import { seen } from '../plain-text.js';
import { countOf } from '../spans.js';
import { countsOf, foldedOf, type Line, linesBetween, type Pair, pairsOf, type Row } from './diff-rows.js';

export interface DiffViewProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly isSplit: boolean;
  /** What is said of a line of the newer text, by its number. */
  readonly notes?: ReadonlyMap<number, ReactNode>;
}

/** What a browser lays out without standing still. */
const FIRST = 1_000;
/** A line without end would make every other one as wide. */
const WIDEST = 2_000;

const TONES: Readonly<Record<Line['kind'], string>> = { same: '', added: 'bg-good-soft', removed: 'bg-bad-soft' };
const SIGNS: Readonly<Record<Line['kind'], string>> = { same: ' ', added: '+', removed: '−' };
const NUMBER = 'w-10 select-none px-1 text-right text-quiet';
const CODE = 'px-1 whitespace-pre-wrap break-all';

const cut = (text: string): string => seen(text.length > WIDEST ? `${text.slice(0, WIDEST)} …` : text);

/** Two texts and what is between them. Imported lazily only. */
export function DiffView({ label, before, after, isSplit, notes = new Map() }: DiffViewProps): ReactElement {
  const [isUnfolded, setUnfolded] = useState(false);
  const [most, setMost] = useState(FIRST);
  const lines = useMemo(() => linesBetween(before, after), [before, after]);
  const { added, removed } = useMemo(() => countsOf(lines), [lines]);
  const rows = useMemo(
    () => (isUnfolded ? lines : foldedOf(lines, (line) => line.after !== null && notes.has(line.after))),
    [lines, isUnfolded, notes],
  );
  const all: readonly (Row | Pair)[] = useMemo(() => (isSplit ? pairsOf(rows) : rows), [rows, isSplit]);
  const unfold = (): void => setUnfolded(true);
  if (lines.length === 0) return <p className="text-quiet">Empty on both sides.</p>;
  return (
    <div>
      <p className="mb-1 text-xs text-quiet">
        {added === 0 && removed === 0
          ? before === after
            ? 'Nothing changed'
            : 'Only the end of the last line changed'
          : `+${countOf(added)} −${countOf(removed)} lines`}
        {isUnfolded ? (
          <Button kind="quiet" onClick={() => setUnfolded(false)}>
            Only what changed
          </Button>
        ) : (
          <Button kind="quiet" onClick={unfold}>
            Show all lines
          </Button>
        )}
      </p>
      <div className="overflow-x-auto rounded border border-line bg-surface">
        <table className="w-full table-fixed font-mono text-xs" aria-label={label}>
          {/* The widths of the first row would be those of a gap. */}
          <colgroup>
            {(isSplit ? ['w-10', '', 'w-10', ''] : ['w-10', 'w-10', 'w-4', '']).map((width, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place alone
              <col key={at} className={width} />
            ))}
          </colgroup>
          <tbody>
            {all.slice(0, most).map((row) => (
              <Fragment key={keyOf(row)}>
                {row.kind === 'gap' ? (
                  <tr>
                    <td colSpan={4} className="bg-raised px-2 py-0.5 font-sans">
                      <button type="button" className="text-accent hover:underline" onClick={unfold}>
                        {countOf(row.lines.length)} lines that are the same
                      </button>
                    </td>
                  </tr>
                ) : row.kind === 'pair' ? (
                  <Split pair={row} />
                ) : (
                  <Unified line={row} />
                )}
                {noteOf(row, notes)}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {all.length > most ? (
        <p className="mt-1 flex items-center gap-2 text-xs text-quiet">
          The first {countOf(most)} of {countOf(all.length)} lines.
          <Button onClick={() => setMost(most + 5 * FIRST)}>Show more</Button>
        </p>
      ) : null}
    </div>
  );
}

const keyOf = (row: Row | Pair): string => {
  if (row.kind === 'gap') return `gap ${row.lines[0]?.before}`;
  return row.kind === 'pair' ? `${row.before?.before}:${row.after?.after}` : `${row.before}:${row.after}`;
};

function noteOf(row: Row | Pair, notes: ReadonlyMap<number, ReactNode>): ReactNode {
  if (row.kind === 'gap') return null;
  const line = row.kind === 'pair' ? row.after?.after : row.after;
  const note = line == null ? undefined : notes.get(line);
  return note === undefined ? null : (
    <tr>
      <td colSpan={4} className="border-y border-line bg-warn-soft px-3 py-1.5 font-sans">
        {note}
      </td>
    </tr>
  );
}

const Unified = ({ line }: { readonly line: Line }): ReactElement => (
  <tr className={`align-top ${TONES[line.kind]}`}>
    <td className={NUMBER}>{line.before}</td>
    <td className={NUMBER}>{line.after}</td>
    <td className="w-4 select-none text-center">
      <span aria-hidden="true">{SIGNS[line.kind]}</span>
      {line.kind === 'same' ? null : <span className="sr-only">{line.kind}</span>}
    </td>
    <td className={CODE}>{cut(line.text)}</td>
  </tr>
);

const Split = ({ pair: { before, after } }: { readonly pair: Pair }): ReactElement => (
  <tr className="align-top">
    <td className={NUMBER}>{before?.before}</td>
    <td className={`${CODE} ${before === null ? 'bg-raised' : TONES[before.kind]}`}>
      {before === null ? '' : cut(before.text)}
    </td>
    <td className={NUMBER}>{after?.after}</td>
    <td className={`${CODE} ${after === null ? 'bg-raised' : TONES[after.kind]}`}>
      {after === null ? '' : cut(after.text)}
    </td>
  </tr>
);
