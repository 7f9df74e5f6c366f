import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import { type AdviceFate, decidersOf } from './deciders.js';
import { DecisionRows } from './decision-rows.js';
import type { PartProps } from './insight-parts.js';
import { LEADS } from './leads.js';
import { LookedAt } from './looked-at.js';
import { ESCALATED, FATES, filterOf, isOnly, SOURCES, titleOf } from './only.js';
import { decisionsQuery } from './queries.js';

const route = getRouteApi('/shell/insight');

const shareOf = (count: number, of: number): string => (of === 0 ? '–' : `${Math.round((100 * count) / of)} %`);

/** Who decides, how often a person is needed, and where rule and advice differ. */
export function DecisionsPart({ range, workflow }: PartProps): ReactElement {
  const { only } = route.useSearch();
  const { data, error } = useQuery(decisionsQuery({ range, workflow }));
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  if (data.items.length === 0)
    return <Nothing title="Nothing was decided in this range.">Choose a longer one, or submit a run.</Nothing>;
  const { total, bySource, byAdvice, advised, escalations, differing } = decidersOf(data.items);
  return (
    <>
      <LookedAt gathered={data} what="decisions" />
      <div className="grid gap-x-6 lg:grid-cols-2">
        <Titled title="Who decided">
          <Table
            label="Who decided"
            rows={bySource}
            keyOf={([source]) => source}
            columns={[
              { title: 'Decided by', cell: ([source]) => <Only only={source}>{SOURCES[source] ?? seen(source)}</Only> },
              {
                title: 'Decisions',
                isNumber: true,
                cell: ([source, count]) => <Only only={source}>{countOf(count)}</Only>,
              },
              { title: 'Share', isNumber: true, cell: ([, count]) => shareOf(count, total) },
            ]}
          />
        </Titled>
        <Titled title="Rule and advice" note={`An advisor was asked at ${countOf(advised)} of ${countOf(total)}.`}>
          {advised === 0 ? (
            <p className="text-quiet">Nobody was asked for advice. Runs in the mode hybrid, llm or shadow ask.</p>
          ) : (
            <Table
              label="Rule and advice"
              rows={byAdvice}
              keyOf={([fate]) => fate ?? ''}
              columns={[
                { title: 'The advice', cell: ([fate]) => <Only only={fate}>{fateIn(fate)}</Only> },
                {
                  title: 'Decisions',
                  isNumber: true,
                  cell: ([fate, count]) => <Only only={fate}>{countOf(count)}</Only>,
                },
                { title: 'Share', isNumber: true, cell: ([, count]) => shareOf(count, advised) },
              ]}
            />
          )}
        </Titled>
      </div>
      {only === undefined ? null : <OnlyList only={only} range={range} workflow={workflow} />}
      {only !== undefined ? null : (
        <>
          <Titled
            title="A person was asked"
            note={
              <>
                <Only only={ESCALATED}>
                  {countOf(escalations.length)} of {countOf(total)} decisions
                </Only>{' '}
                ({shareOf(escalations.length, total)}).
              </>
            }
          >
            <DecisionRows label="A person was asked" decisions={escalations} />
          </Titled>
          <Titled
            title="Rule and advice, or rule and person, differ"
            note={`${countOf(differing.length)} of ${countOf(total)} decisions (${shareOf(differing.length, total)}).`}
          >
            <DecisionRows label="Decisions that differ from the rule" decisions={differing} />
          </Titled>
        </>
      )}
    </>
  );
}

const fateIn = (fate: AdviceFate | null): string => (fate === null ? '' : FATES[fate]);

/** Those alone behind a number. */
function OnlyList({ only, range, workflow }: PartProps & { readonly only: string }): ReactElement {
  const { data, error } = useQuery(decisionsQuery({ range, workflow }, filterOf(only)));
  return (
    <Titled title={titleOf(only)} actions={<Only only={undefined}>Show the usual lists</Only>}>
      {error === null ? null : <Problem error={error} />}
      {data === undefined ? (
        <Skeleton />
      ) : (
        <DecisionRows label={titleOf(only)} decisions={data.items.filter((each) => isOnly(each, only))} />
      )}
    </Titled>
  );
}

interface OnlyProps {
  /** Undefined: all of them. */
  readonly only: string | null | undefined;
  readonly children: ReactNode;
}

/** A number leads to what is behind it. */
const Only = ({ only, children }: OnlyProps): ReactElement => (
  <Link to="/insight" search={(before: object) => ({ ...before, only: only ?? undefined })} className={LEADS}>
    {children}
  </Link>
);
