import { queryOptions, useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { api } from '../../../api/api.js';
import { Nothing } from '../../../parts/nothing.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Problem } from '../../../shell/problem.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { DecisionCard } from './decision-card.js';
import { type Decision, isDisagreement, partsOfDecisions } from './decision-parts.js';
import { ScoreCharts } from './score-charts.js';
import { seriesOf, thresholdsOf } from './score-series.js';

const PAGE = 200;
/** So many are shown at once; a run with more is for the list of all decisions. */
const MOST = 1_000;

/** All decisions of a run, in the order in which they were made. */
const decisionsQuery = (runId: string) =>
  queryOptions({
    queryKey: ['run', runId, 'decisions'],
    queryFn: async ({ signal }): Promise<readonly Decision[]> => {
      const all: Decision[] = [];
      let cursor: string | null = null;
      do {
        const query: { run: string; limit: number; cursor?: string } = { run: runId, limit: PAGE };
        if (cursor !== null) query.cursor = cursor;
        const { decisions, next } = await api().get('/v1/decisions', { params: { query }, signal });
        all.push(...decisions);
        cursor = next;
      } while (cursor !== null && all.length < MOST);
      return all.sort((one, other) => one.version - other.version);
    },
  });

/** At each point: what the rule wanted, what was advised, and who had the word. */
export function DecisionsTab({ run }: TabProps): ReactElement {
  const { data: decisions, error } = useQuery(decisionsQuery(run.runId));
  const { data: log } = useRunEvents(run.runId);
  const parts = useMemo(() => partsOfDecisions(log?.events ?? []), [log]);
  if (decisions === undefined) return error === null ? <Skeleton /> : <Problem error={error} />;
  if (decisions.length === 0) {
    return (
      <Nothing title="No decision yet">
        Decisions are put on record at the points that the workflow names, and where a task fails for good.
      </Nothing>
    );
  }
  const series = seriesOf(run.scores, thresholdsOf(decisions, parts));
  const apart = decisions.filter((each) => isDisagreement(each, parts.get(each.decisionId))).length;
  return (
    <div className="space-y-4">
      {series.length === 0 ? null : <ScoreCharts series={series} />}
      <section aria-label="Decisions" className="space-y-2">
        <h2 className="font-semibold">
          {decisions.length} {decisions.length === 1 ? 'decision' : 'decisions'}
          <span className="ml-2 text-xs font-normal text-quiet">
            mode {run.decisions.mode ?? 'not set'} · {apart === 0 ? 'no disagreement' : `${apart} with disagreement`}
            {decisions.length < run.decisions.total ? ` · the newest of ${run.decisions.total}` : ''}
          </span>
        </h2>
        {decisions.map((decision) => (
          <DecisionCard key={decision.decisionId} decision={decision} parts={parts.get(decision.decisionId)} />
        ))}
      </section>
    </div>
  );
}
