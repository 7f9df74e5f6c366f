import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Schemas } from '../../../api/api.js';
import { seen } from '../../../parts/plain-text.js';
import { countOf } from '../../../parts/spans.js';
import { Table } from '../../../parts/table.js';
import { Titled } from '../../../parts/titled.js';

type Report = Schemas['BacktestReport'];
type Move = Report['differing'][number]['before'];

const RESULTS: Readonly<Record<string, string>> = {
  same: 'the same',
  'same-move': 'the same move for another reason',
  'other-move': 'another move',
  'would-ask': 'a model would have been asked',
  'not-replayed': 'cannot be told',
  'by-person': 'decided by a person, so left as it was',
};
const MOST_ROWS = 200;

const moveIn = ({ actionType, target, recoveryStrategy }: Move): string =>
  seen([actionType, target, recoveryStrategy].filter((each) => each !== null).join(' → '));

interface BacktestResultProps {
  readonly report: Report;
  /** False: not all runs were looked at. */
  readonly isWhole: boolean;
}

/** How many decisions would be others, and which. */
export function BacktestResult({ report, isWhole }: BacktestResultProps): ReactElement {
  const { differing } = report;
  return (
    <>
      <Titled title="What comes of it" {...(isWhole ? {} : { note: 'Not all runs have been looked at.' })}>
        <Table
          label="What comes of it"
          rows={Object.entries(report.counts).filter(([name, count]) => count > 0 || name === 'other-move')}
          keyOf={([name]) => name}
          columns={[
            { title: 'Under this policy', cell: ([name]) => RESULTS[name] ?? name },
            { title: 'Decisions', isNumber: true, cell: ([, count]) => countOf(count) },
          ]}
        />
      </Titled>
      <Titled
        title="Decisions that would change"
        {...(differing.length > MOST_ROWS ? { note: `The first ${MOST_ROWS} of ${countOf(differing.length)}.` } : {})}
      >
        {differing.length === 0 ? (
          <p className="text-quiet">{isWhole ? 'None.' : 'None so far.'}</p>
        ) : (
          <Table
            label="Decisions that would change"
            rows={differing.slice(0, MOST_ROWS)}
            keyOf={({ runId, decisionId }) => `${runId} ${decisionId}`}
            columns={[
              {
                title: 'Decision',
                cell: ({ runId, version, point }) => (
                  <Link
                    to="/runs/$runId"
                    params={{ runId }}
                    search={{ tab: 'decisions', event: version }}
                    className="text-accent hover:underline"
                  >
                    {seen(`${point.kind} in ${point.state}`)}
                    <span className="block font-mono text-xs">{runId.slice(0, 8)}</span>
                  </Link>
                ),
              },
              { title: 'Was', cell: ({ before }) => moveIn(before) },
              {
                title: 'Would be',
                cell: ({ after, result }) => (after === null ? (RESULTS[result] ?? result) : moveIn(after)),
              },
              {
                title: 'Why',
                cell: ({ note, after, isBeyondDifference }) => (
                  <>
                    {seen(note || (after?.rationale ?? ''))}
                    {isBeyondDifference ? (
                      <span className="block text-xs text-warn">
                        After one that differs: under this policy it may never have been reached.
                      </span>
                    ) : null}
                  </>
                ),
              },
            ]}
          />
        )}
      </Titled>
    </>
  );
}
