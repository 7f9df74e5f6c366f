import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { seen } from '../../parts/plain-text.js';
import { countOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import type { Decision } from './deciders.js';
import { SOURCES } from './only.js';

const MOST_ROWS = 50;

/** What was done, and what else was wanted. */
function doneIn({ actionType, target, recoveryStrategy, shadow, programmaticAlternative }: Decision): string {
  const done = target ?? recoveryStrategy ?? actionType;
  const other = programmaticAlternative ?? (shadow === null ? null : shadow.move);
  return other === null ? done : `${done} (not ${other})`;
}

interface DecisionRowsProps {
  readonly label: string;
  readonly decisions: readonly Decision[];
}

/** Decisions, newest first, each with the way to it. */
export function DecisionRows({ label, decisions }: DecisionRowsProps): ReactElement {
  if (decisions.length === 0) return <p className="text-quiet">None in this range.</p>;
  return (
    <>
      <Table
        label={label}
        rows={decisions.slice(0, MOST_ROWS)}
        keyOf={({ runId, decisionId }) => `${runId} ${decisionId}`}
        columns={[
          { title: 'When', cell: ({ decidedAt }) => <Time at={decidedAt} /> },
          {
            title: 'Where',
            cell: ({ runId, version, workflow, point }) => (
              <Link
                to="/runs/$runId"
                params={{ runId }}
                search={{ tab: 'decisions', event: version }}
                className="text-accent hover:underline"
              >
                {seen(`${workflow} · ${point.state}`)}
              </Link>
            ),
          },
          { title: 'Decided by', cell: ({ source }) => SOURCES[source] ?? seen(source) },
          { title: 'Done', cell: (decision) => <span className="break-words">{seen(doneIn(decision))}</span> },
          {
            title: 'Why',
            cell: ({ conflictReason, adviceRejected, rationale }) => (
              <span className="block min-w-64">{seen(conflictReason ?? adviceRejected ?? rationale)}</span>
            ),
          },
        ]}
      />
      {decisions.length > MOST_ROWS ? (
        <p className="mt-1 text-quiet">
          The newest {MOST_ROWS} of {countOf(decisions.length)}.
        </p>
      ) : null}
    </>
  );
}
