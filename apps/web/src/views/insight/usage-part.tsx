import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, type ReactNode, useMemo } from 'react';
import { Chart } from '../../parts/chart/chart.js';
import { nameOfZone } from '../../parts/days.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';
import { type Column, Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import type { PartProps } from './insight-parts.js';
import { LEADS } from './leads.js';
import { ESCALATED } from './only.js';
import { usageQuery } from './queries.js';
import { byDay, costOf, type Group, successOf } from './usage.js';

const keyOf = ({ key }: Group): string => key ?? '';
const nameOf = (key: string | null, none: string): string => (key === null ? none : seen(key));

const SUMS: readonly Column<Group>[] = [
  { title: 'Tasks', isNumber: true, cell: ({ tasks }) => countOf(tasks) },
  { title: 'Tokens', isNumber: true, cell: ({ inputTokens, outputTokens }) => countOf(inputTokens + outputTokens) },
  { title: 'Cost', isNumber: true, cell: (group) => <span title={unpricedOf(group)}>{costOf(group)}</span> },
];

const unpricedOf = ({ unpriced }: Group): string | undefined =>
  unpriced === 0 ? undefined : `Of ${countOf(unpriced)} tasks the price is not known.`;

/** What runs cost, how long they took, and how they came out: added up by the gateway. */
export function UsagePart({ range, workflow }: PartProps): ReactElement {
  const asked = { range, workflow };
  const workflows = useQuery(usageQuery('workflow', asked));
  const agents = useQuery(usageQuery('agent', asked));
  const models = useQuery(usageQuery('model', asked));
  const days = useQuery(usageQuery('day', asked));
  const shown = useMemo(() => byDay(days.data, range), [days.data, range]);
  const failed = [workflows, agents, models, days].find(({ error, data }) => error !== null && data === undefined);
  if (failed !== undefined) return <Problem error={failed.error} />;
  if (workflows.data === undefined) return <Skeleton lines={8} />;
  const { groups, total, leftOff } = workflows.data;
  if (total.runs === 0)
    return <Nothing title="No run began in this range.">Choose a longer one, or submit a run.</Nothing>;
  const toRuns = (of: string | undefined, status: 'succeeded' | 'failed' | undefined, children: ReactNode) => (
    <Link
      to="/"
      search={{ workflow: of ?? workflow, status, began: `${range.since}..${range.until}` }}
      className={LEADS}
    >
      {children}
    </Link>
  );
  const counts: readonly Column<Group>[] = [
    { title: 'Workflow', cell: ({ key }) => toRuns(key ?? undefined, undefined, nameOf(key, 'all')) },
    { title: 'Runs', isNumber: true, cell: ({ key, runs }) => toRuns(key ?? undefined, undefined, countOf(runs)) },
  ];
  const { outcomes } = total;
  const phases = groups.flatMap(({ key, outcomes: of }) =>
    (of?.rounds ?? []).map((phase) => ({ ...phase, name: `${seen(key ?? '')} · ${seen(phase.phase)}` })),
  );
  return (
    <>
      <dl aria-label="All together" className="mb-4 flex flex-wrap gap-x-6 gap-y-2">
        <Figure title="Runs">{toRuns(undefined, undefined, countOf(total.runs))}</Figure>
        <Figure title="Cost">
          <span title={unpricedOf(total)}>{costOf(total)}</span>
        </Figure>
        <Figure title="Tokens">{countOf(total.inputTokens + total.outputTokens)}</Figure>
        <Figure title="Succeeded">
          {toRuns(undefined, 'succeeded', countOf(outcomes?.succeeded ?? 0))}
          {successOf(total) === null ? null : (
            <span className="text-quiet"> {successOf(total)} % of those that ended</span>
          )}
        </Figure>
        <Figure title="Failed">{toRuns(undefined, 'failed', countOf(outcomes?.failed ?? 0))}</Figure>
        <Figure title="Median duration">{spanOf(outcomes?.medianMs)}</Figure>
        <Figure title="Asked a person">
          <Escalations count={outcomes?.escalations ?? 0} workflow={undefined} />
        </Figure>
      </dl>
      <div className="grid gap-x-6 lg:grid-cols-2">
        <Titled title="Cost by day" note={`By the day on which a run began (${nameOfZone(range.zone)}).`}>
          <Chart
            title="Cost by day"
            format={moneyOf}
            labels={shown.labels}
            series={[{ title: 'Cost', tone: 'accent', values: shown.cost }]}
          />
        </Titled>
        <Titled title="Runs by day" note="How many began, and how many of those failed.">
          <Chart
            title="Runs by day"
            format={countOf}
            labels={shown.labels}
            series={[
              { title: 'Runs', tone: 'accent', values: shown.runs },
              { title: 'Failed', tone: 'bad', values: shown.failed },
            ]}
          />
        </Titled>
      </div>
      <Titled
        title="By workflow"
        note={`A child run counts for its own workflow, and not for that of its parent.${leftOff === 0 ? '' : ` ${countOf(leftOff)} more workflows are in the sums above alone.`}`}
      >
        <Table
          label="By workflow"
          rows={groups}
          keyOf={keyOf}
          columns={[
            ...counts,
            ...SUMS,
            {
              title: 'Succeeded',
              isNumber: true,
              cell: (group) => {
                const share = successOf(group);
                return share === null ? '–' : toRuns(group.key ?? undefined, 'succeeded', `${share} %`);
              },
            },
            {
              title: 'Failed',
              isNumber: true,
              cell: ({ key, outcomes: of }) => toRuns(key ?? undefined, 'failed', countOf(of?.failed ?? 0)),
            },
            { title: 'Median', isNumber: true, cell: ({ outcomes: of }) => spanOf(of?.medianMs) },
            { title: '95 of 100 within', isNumber: true, cell: ({ outcomes: of }) => spanOf(of?.p95Ms) },
            {
              title: 'Asked a person',
              isNumber: true,
              cell: ({ key, outcomes: of }) => <Escalations count={of?.escalations ?? 0} workflow={key ?? undefined} />,
            },
          ]}
        />
      </Titled>
      <div className="grid gap-x-6 lg:grid-cols-2">
        <Titled title="By agent" note="By the kind of worker that did the task.">
          <Table
            label="By agent"
            rows={agents.data?.groups ?? []}
            keyOf={keyOf}
            columns={[{ title: 'Agent', cell: ({ key }) => nameOf(key, 'none') }, RUNS, ...SUMS]}
          />
        </Titled>
        <Titled title="By model" note="As tasks named it; tools and workers without one name none.">
          <Table
            label="By model"
            rows={models.data?.groups ?? []}
            keyOf={keyOf}
            columns={[{ title: 'Model', cell: ({ key }) => nameOf(key, 'no model') }, RUNS, ...SUMS]}
          />
        </Titled>
      </div>
      {phases.length === 0 ? null : (
        <Titled title="Rounds" note="How often a phase was gone through before it was good enough.">
          <Table
            label="Rounds"
            rows={phases}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Phase', cell: ({ name }) => name },
              { title: 'Runs', isNumber: true, cell: ({ runs }) => countOf(runs) },
              { title: 'Mean', isNumber: true, cell: ({ mean }) => mean.toFixed(1) },
              { title: 'Most', isNumber: true, cell: ({ most }) => countOf(most) },
            ]}
          />
        </Titled>
      )}
    </>
  );
}

const RUNS: Column<Group> = { title: 'Runs', isNumber: true, cell: ({ runs }) => countOf(runs) };

const spanOf = (ms: number | null | undefined): string => (ms == null ? '–' : durationOf(ms));

const Figure = ({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement => (
  <div>
    <dt className="text-xs text-quiet">{title}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
);

interface EscalationsProps {
  readonly count: number;
  /** Undefined: the one that is chosen, or all. */
  readonly workflow: string | undefined;
}

/** Decisions that went to a person, with the way to them. */
const Escalations = ({ count, workflow }: EscalationsProps): ReactElement => (
  <Link
    to="/insight"
    search={(before: object) => ({
      ...before,
      part: 'decisions' as const,
      only: ESCALATED,
      ...(workflow === undefined ? {} : { workflow }),
    })}
    className={LEADS}
  >
    {countOf(count)}
  </Link>
);
