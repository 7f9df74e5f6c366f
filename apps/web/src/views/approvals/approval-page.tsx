import type { Asked } from '@baton/contracts';
import type { ReactElement } from 'react';
import { JsonTree } from '../../parts/json-tree/json-tree.js';
import { seen } from '../../parts/plain-text.js';
import { Status } from '../../parts/status.js';
import { ApprovalFacts, Quote } from './approval-facts.js';
import type { Approval } from './approval-queries.js';
import { ComposedSection } from './composed-section.js';
import { DeploySection } from './deploy-section.js';
import { Findings } from './findings.js';
import { statusOf } from './inbox.js';
import { Readable } from './readable.js';
import { Section } from './section.js';
import { SubjectSection } from './subject-section.js';
import { VersionsSection } from './versions-section.js';

interface ApprovalPageProps {
  readonly approval: Approval;
  readonly asked: Asked;
}

/** All that a person needs before they answer, from what is asked to what it is made of. */
export const ApprovalPage = ({ approval, asked }: ApprovalPageProps): ReactElement => (
  <article aria-labelledby="approval-title" className="space-y-4">
    <header>
      <h1 id="approval-title" tabIndex={-1} className="text-lg font-semibold break-words outline-none">
        {seen(approval.title ?? approval.state)}{' '}
        <Status status={approval.status === 'open' ? 'waiting' : statusOf(approval.status)} />
      </h1>
    </header>
    {asked.question === null ? null : (
      <p className="rounded-md border border-line bg-surface p-3 text-base break-words whitespace-pre-wrap">
        {seen(asked.question)}
      </p>
    )}
    <ApprovalFacts approval={approval} />
    {asked.problems === null ? null : (
      <Section title="Why it came back">
        <Readable value={asked.problems} />
      </Section>
    )}
    <Moves asked={asked} />
    <Findings asked={asked} />
    {asked.comments.length === 0 ? null : (
      <Section title="Comments so far">
        {asked.comments.map(({ by, comment }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was asked does not change
          <div key={at} className="mb-1">
            {by === null ? null : <span className="text-quiet">{seen(by)}</span>}
            <Quote words={comment} />
          </div>
        ))}
      </Section>
    )}
    {asked.deployBase === null ? null : <DeploySection base={asked.deployBase} />}
    {asked.versions === null ? null : (
      <VersionsSection key={approval.approvalId} approvalId={approval.approvalId} versions={asked.versions} />
    )}
    {asked.tree === null || asked.versions !== null ? null : (
      <p>
        The files to go on from are version {asked.tree.slice(0, 12)}:{' '}
        <code className="font-mono">baton approval show {approval.approvalId} --out DIR</code> writes them into a
        folder.
      </p>
    )}
    {asked.subject === null ? null : (
      <SubjectSection key={approval.approvalId} approvalId={approval.approvalId} subject={asked.subject} />
    )}
    {asked.rest.workflow === undefined ? null : <ComposedSection document={asked.rest.workflow} />}
    {Object.keys(asked.rest).length === 0 ? null : (
      <Section title={asked.kind === 'work' ? 'What a worker would have been given' : 'About'}>
        <Readable value={asked.rest} />
      </Section>
    )}
    <details>
      <summary className="cursor-pointer text-quiet">All of what is asked, as JSON</summary>
      <div className="mt-1">
        <JsonTree key={approval.approvalId} value={approval.arguments} label={`Approval ${approval.approvalId}`} />
      </div>
    </details>
  </article>
);

/** At a decision: why it is asked, what the rule proposes, and all that can be done. */
function Moves({ asked }: { readonly asked: Asked }): ReactElement | null {
  const { moves, proposed, reasons } = asked;
  if (moves.length === 0 && reasons.length === 0) return null;
  return (
    <Section title="What can be done">
      {reasons.length === 0 ? null : <p className="mb-1 break-words">{seen(`Asked because: ${reasons.join('; ')}`)}</p>}
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_1fr]">
        {moves.map(({ id, text }) => (
          <div key={id} className="contents">
            <dt className="font-medium">{seen(id)}</dt>
            <dd className="min-w-0 break-words">
              {seen(text)}
              {id === proposed?.id ? (
                <span className="text-quiet">
                  {' '}
                  Proposed{proposed.because === undefined ? '' : `: ${seen(proposed.because)}`}
                </span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
