import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Schemas } from '../../../api/api.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { type Column, Table } from '../../../parts/table.js';
import { Problem } from '../../../shell/problem.js';
import { CreateRule } from './create-rule.js';
import { channelInWords, runsInWords, timesInWords } from './rule-in-words.js';
import { Messages } from './rule-messages.js';
import { rulesQuery } from './rule-queries.js';

type Rule = Schemas['RuleView'];

const route = getRouteApi('/shell/operations');

const COLUMNS: readonly Column<Rule>[] = [
  {
    title: 'Rule',
    cell: ({ name }) => (
      <Link to="/operations" search={{ part: 'rules', rule: name }} className="text-accent hover:underline">
        {name}
      </Link>
    ),
  },
  { title: 'Tells', cell: (rule) => seen(channelInWords(rule)) },
  { title: 'Of', cell: ({ events }) => events.join(', ') },
  { title: 'Runs', cell: (rule) => seen(runsInWords(rule)) },
  { title: 'When', cell: (rule) => seen(timesInWords(rule)) },
  { title: 'By', cell: ({ createdBy }) => seen(createdBy.id) },
];

/** Who is told of what, by mail or in a channel. */
export function RulesPart(): ReactElement {
  const { rule: chosen } = route.useSearch();
  const { data, error } = useQuery(rulesQuery);
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const rule = data.find(({ name }) => name === chosen);
  return (
    <div className="space-y-3">
      <CreateRule />
      {data.length === 0 ? (
        <Nothing title="Nobody is told of anything.">
          A rule tells people by mail or in a channel: of approvals that wait for them, and of runs that have ended.
        </Nothing>
      ) : (
        <Table label="Rules" rows={data} columns={COLUMNS} keyOf={({ ruleId }) => ruleId} />
      )}
      {rule === undefined ? null : <Messages key={rule.ruleId} name={rule.name} />}
      {chosen !== undefined && rule === undefined ? <Nothing title="This rule is gone." /> : null}
    </div>
  );
}
