import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import type { Schemas } from '../../api/api.js';
import { seen } from '../../parts/plain-text.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';
import { Time } from '../../parts/time.js';
import { runQuery } from '../run/run-query.js';
import { actorName, dueWords, policyWords } from './answers.js';
import type { Approval } from './approval-queries.js';

/** Who asks, since when and until when, what it has cost so far, who may answer and who has. */
export function ApprovalFacts({ approval }: { readonly approval: Approval }): ReactElement {
  const { runId, workflow, workflowVersion, state, submittedBy, since, dueAt, policy, missing } = approval;
  const { data: run } = useQuery(runQuery(runId));
  const due = dueWords(policy);
  return (
    <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_1fr]">
      <Fact name="Asked by">
        {seen(state)} of{' '}
        <Link to="/workflows/$ref" params={{ ref: `${workflow}@${workflowVersion}` }} className="underline">
          {seen(`${workflow}@${workflowVersion}`)}
        </Link>
        , in run{' '}
        <Link to="/runs/$runId" params={{ runId }} className="text-accent underline">
          {runId.slice(0, 8)}
        </Link>
        , submitted by {seen(actorName(submittedBy))}
      </Fact>
      <Fact name="Waits since">
        <Time at={since} />
        {approval.status !== 'open' ? null : dueAt === null ? (
          <span className="text-quiet"> with no time limit</span>
        ) : (
          <span className="text-warn">
            , withdrawn <Time at={dueAt} />
          </span>
        )}
      </Fact>
      {run === undefined ? null : <Fact name="Cost so far">{costWords(run)}</Fact>}
      <Fact name="Who may answer">
        {seen(policyWords(policy))}
        {due === null ? null : <span className="text-quiet"> {seen(due)}</span>}
      </Fact>
      {approval.approvals.map(({ by, comment, at }) => (
        <Fact key={actorName(by)} name="Approved by">
          {seen(actorName(by))}, <Time at={at} />
          {comment === '' ? null : <Quote words={comment} />}
        </Fact>
      ))}
      {missing === null || policy === null ? null : (
        <Fact name="Missing">
          {missing.count} {missing.count === 1 ? 'approval' : 'approvals'}
          {missing.from === null ? '' : seen(`, of: ${missing.from.join(', ')}`)}
        </Fact>
      )}
      <Standing approval={approval} />
      <Fact name="Bound to">
        <span className="text-quiet" title={approval.sha256}>
          SHA-256 {approval.sha256.slice(0, 16)}…
        </span>
      </Fact>
    </dl>
  );
}

/** What has come of the question so far. */
const Standing = ({ approval }: { readonly approval: Approval }): ReactElement => (
  <>
    {approval.blocked === null ? null : (
      <Fact name="Blocked">
        <span className="text-bad">{seen(approval.blocked)}</span>
      </Fact>
    )}
    {approval.remindedAt === null ? null : (
      <Fact name="Reminded">
        <Time at={approval.remindedAt} />
      </Fact>
    )}
    {approval.escalatedAt === null ? null : (
      <Fact name="Taken to others">
        <Time at={approval.escalatedAt} />
      </Fact>
    )}
    {approval.settledAt === null ? null : (
      <Fact name={approval.status === 'gone' ? 'Asked no longer' : 'Answered'}>
        <Time at={approval.settledAt} />
        {approval.settledBy === null ? null : ` by ${seen(actorName(approval.settledBy))}`}
        {approval.comment === null || approval.comment === '' ? null : <Quote words={approval.comment} />}
      </Fact>
    )}
  </>
);

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement => (
  <div className="contents">
    <dt className="text-quiet">{name}</dt>
    <dd className="mb-1 min-w-0 break-words sm:mb-0">{children}</dd>
  </div>
);

export const Quote = ({ words }: { readonly words: string }): ReactElement => (
  <q className="block border-l-2 border-line pl-2 break-words whitespace-pre-wrap">{seen(words)}</q>
);

function costWords({ usage, budget, models }: Schemas['RunDetail']): string {
  const { costUsd, inputTokens, outputTokens } = usage;
  const spent = `${costUsd === null ? 'of unknown price' : moneyOf(costUsd)}, ${countOf(inputTokens + outputTokens)} tokens`;
  const of = budget.map(({ kind, limit }) => {
    if (kind === 'usd') return moneyOf(limit);
    return kind === 'tokens' ? `${countOf(limit)} tokens` : durationOf(limit * 1_000);
  });
  const limits = of.length === 0 ? 'no budget set' : `budget ${of.join(', ')}`;
  return seen([spent, limits, models.join(', ')].filter(Boolean).join(' · '));
}
