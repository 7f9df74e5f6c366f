import type { Json } from '@baton/contracts';
import { structuredPatch } from 'diff';
import { type ReactElement, useMemo } from 'react';
import { seen } from '../../parts/plain-text.js';
import { Scrollable } from '../../parts/scrollable.js';
import { countOf } from '../../parts/spans.js';
import { Text } from '../../parts/text.js';

/* How values and differences are shown here: the one place to change when there are better parts for them. */

/** A value as JSON. */
export const ShownJson = ({ value, label }: { readonly value: Json; readonly label: string }): ReactElement => (
  <Text text={JSON.stringify(value, null, 2)} label={label} />
);

interface ShownDiffProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** What takes longer to compare is shown as two texts. */
const MOST_MS = 300;
const MOST_LINES = 2_000;
const TONES: Readonly<Record<string, string>> = { '+': 'bg-good-soft text-good', '-': 'bg-bad-soft text-bad' };

/** Two texts, line by line: what went, what came, and three lines around. */
export function ShownDiff({ label, before, after }: ShownDiffProps): ReactElement {
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  if (lines === null) {
    return (
      <div className="grid gap-2 lg:grid-cols-2">
        <Text text={before} label={`${label}, before`} />
        <Text text={after} label={`${label}, now`} />
      </div>
    );
  }
  if (lines.length === 0) return <p className="text-quiet">Nothing is different.</p>;
  return (
    <>
      <Scrollable label={label}>
        <pre className="rounded border border-line bg-surface p-1 font-mono text-xs break-words whitespace-pre-wrap">
          {lines.slice(0, MOST_LINES).map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a difference may be alike, and stay where they are
            <span key={at} className={`block px-1 ${TONES[line.charAt(0)] ?? 'text-quiet'}`}>
              {seen(line)}
            </span>
          ))}
        </pre>
      </Scrollable>
      {lines.length > MOST_LINES ? (
        <p className="mt-1 text-xs text-quiet">
          The first {countOf(MOST_LINES)} of {countOf(lines.length)} lines.
        </p>
      ) : null}
    </>
  );
}

/** Null where it would take too long. */
function diffLines(before: string, after: string): readonly string[] | null {
  const options = { context: 3, timeout: MOST_MS };
  const patch = structuredPatch('', '', ended(before), ended(after), '', '', options);
  return patch?.hunks.flatMap(({ lines }, at) => (at === 0 ? lines : [' ⋯', ...lines])) ?? null;
}

/** The end of the last line is no difference that anybody decides on. */
const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
