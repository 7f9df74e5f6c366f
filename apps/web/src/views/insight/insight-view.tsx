import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ComponentType, type ReactElement, Suspense, useMemo } from 'react';
import { api } from '../../api/api.js';
import { Button } from '../../parts/button.js';
import { Select, TextField } from '../../parts/field.js';
import { lazily } from '../../parts/lazily.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Tabs } from '../../parts/tabs.js';
import { useZone } from '../../preferences/preferences.js';
import { INSIGHT_PARTS, type InsightPart, type PartProps } from './insight-parts.js';
import { lastDays, rangeOf } from './range.js';

const PARTS: Readonly<Record<InsightPart, { readonly title: string; readonly Part: ComponentType<PartProps> }>> = {
  usage: {
    title: 'Cost and time',
    Part: lazily(() => import('./usage-part.js').then(({ UsagePart }) => UsagePart)),
  },
  decisions: {
    title: 'Decisions',
    Part: lazily(() => import('./decisions-part.js').then(({ DecisionsPart }) => DecisionsPart)),
  },
  judges: {
    title: 'Judges',
    Part: lazily(() => import('./judges-part.js').then(({ JudgesPart }) => JudgesPart)),
  },
  backtest: {
    title: 'Another policy',
    Part: lazily(() => import('./backtest/backtest-part.js').then(({ BacktestPart }) => BacktestPart)),
  },
};

const PRESETS = [1, 7, 30, 90] as const;

const route = getRouteApi('/shell/insight');

/** What many runs say together: over a range of days that stands in the address. */
export function InsightView(): ReactElement {
  const { part = 'usage', since, until, workflow } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery({
    queryKey: ['workflows'],
    queryFn: ({ signal }) => api().get('/v1/workflows', { signal }),
  });
  const names = [...new Set([...(data?.workflows ?? []).map(({ name }) => name), ...(workflow ? [workflow] : [])])];
  const zone = useZone();
  const range = useMemo(() => rangeOf({ since, until }, Date.now(), zone), [since, until, zone]);
  const change = (changed: object): void => void navigate({ search: (before) => ({ ...before, ...changed }) });
  const { Part } = PARTS[part];
  const inZone = zone === 'utc' ? ' (UTC)' : '';
  return (
    <>
      <h1 className="sr-only">Insight</h1>
      <search aria-label="Range" className="mb-3 flex flex-wrap items-end gap-x-3 gap-y-2 [&_input]:h-8 [&_select]:h-8">
        <TextField
          label={`From${inZone}`}
          type="date"
          value={range.since}
          max={range.until}
          onChange={({ target }) => change({ since: target.value || undefined })}
        />
        <TextField
          label={`To${inZone}`}
          type="date"
          value={range.until}
          min={range.since}
          onChange={({ target }) => change({ until: target.value || undefined })}
        />
        <Select
          label="Workflow"
          value={workflow ?? ''}
          onChange={({ target }) => change({ workflow: target.value || undefined })}
        >
          <option value="">All of them</option>
          {names.toSorted().map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
        <span className="flex gap-1">
          {PRESETS.map((days) => (
            <Button key={days} onClick={() => change(lastDays(days, Date.now(), zone))}>
              {days === 1 ? 'Today' : `${days} days`}
            </Button>
          ))}
        </span>
      </search>
      <Tabs
        label="Parts of insight"
        value={part}
        tabs={INSIGHT_PARTS.map((id) => ({ id, title: PARTS[id].title }))}
        onChoose={(id) => change({ part: id })}
      >
        <Suspense fallback={<Skeleton />}>
          <Part range={range} workflow={workflow} />
        </Suspense>
      </Tabs>
    </>
  );
}
