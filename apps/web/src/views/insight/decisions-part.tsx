import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Schemas } from '../../api/api.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import type { PartProps } from './insight-parts.js';
import { LookedAt } from './looked-at.js';
import { decisionsQuery } from './queries.js';
import { decidersOf } from './usage.js';

type Decision = Schemas['DecisionView'];

const MOST_ROWS = 50;
const SOURCES: Readonly<Record<string, string>> = {
  programmatic: 'the rule',
  llm_override: 'advice, against the rule',
  programmatic_fallback: 'the rule, since there was no advice',
  human: 'a person',
};

const shareOf = (count: number, of: number): string => (of === 0 ? '–' : `${Math.round((100 * count) / of)} %`);

function DecisionRows({ label, decisions }: { readonly label: string; readonly decisions: readonly Decision[] }) {
  if (decisions.length === 0) return <p className="text-quiet">None in this range.</p>;
  return (
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
        { title: 'Decided by', cell: ({ source }) => SOURCES[source] ?? source },
        { title: 'Why', cell: ({ conflictReason, rationale }) => seen(conflictReason ?? rationale) },
      ]}
    />
  );
}

/** Who decides, how often a person is needed, and where rule and advice differ. */
export function DecisionsPart({ range, workflow }: PartProps): ReactElement {
  const { data, error } = useQuery(decisionsQuery({ ...range, workflow }));
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  if (data.items.length === 0)
    return <Nothing title="Nothing was decided in this range.">Choose a longer one, or submit a run.</Nothing>;
  const { total, bySource, escalations, conflicts, advised } = decidersOf(data.items);
  return (
    <>
      <LookedAt gathered={data} what="decisions" />
      <Titled title="Who decided">
        <Table
          label="Who decided"
          rows={bySource}
          keyOf={([source]) => source}
          columns={[
            { title: 'Decided by', cell: ([source]) => SOURCES[source] ?? source },
            { title: 'Decisions', isNumber: true, cell: ([, count]) => countOf(count) },
            { title: 'Share', isNumber: true, cell: ([, count]) => shareOf(count, total) },
          ]}
        />
      </Titled>
      <Titled
        title="A person was asked"
        note={`${countOf(escalations.length)} of ${countOf(total)} decisions (${shareOf(escalations.length, total)}); the newest are here.`}
      >
        <DecisionRows label="A person was asked" decisions={escalations} />
      </Titled>
      <Titled
        title="Rule and advice, or rule and person, differ"
        note={`${countOf(conflicts.length)} decisions differ from what the rule says. A model had a say in ${countOf(advised)}.`}
      >
        <DecisionRows label="Decisions that differ from the rule" decisions={conflicts} />
      </Titled>
    </>
  );
}
