import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { JsonTree } from '../../../parts/json-tree/json-tree.js';
import { seen } from '../../../parts/plain-text.js';
import { durationOf, moneyOf } from '../../../parts/spans.js';
import { Time } from '../../../parts/time.js';
import { type Decision, type DecisionParts, isDisagreement, wordOf } from './decision-parts.js';

interface DecisionCardProps {
  readonly decision: Decision;
  readonly parts: DecisionParts | undefined;
}

/** One decision: what the rule wanted, what was advised, and who had the word. */
export function DecisionCard({ decision, parts }: DecisionCardProps): ReactElement {
  const { point, phase, round, actionType, target, classification, latencyMs, costUsd, version, runId } = decision;
  const where = [phase, round === null ? null : `round ${round}`].filter((part) => part !== null).join(', ');
  return (
    <article aria-label={`Decision at ${point.state}`} className="rounded border border-line bg-surface p-3">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-semibold">{seen(point.state)}</h3>
        <span className="text-xs text-quiet">
          {point.kind} · {classification}
          {where === '' ? '' : ` · ${seen(where)}`}
        </span>
        {isDisagreement(decision, parts) ? (
          <span className="rounded bg-warn-soft px-1.5 py-0.5 text-xs font-medium text-warn">disagreement</span>
        ) : null}
        <span className="ml-auto text-xs text-quiet">
          <Time at={decision.decidedAt} /> · {durationOf(latencyMs)} ·{' '}
          {costUsd === null ? 'cost unknown' : moneyOf(costUsd)} ·{' '}
          <Link
            to="/runs/$runId"
            params={{ runId }}
            search={{ tab: 'events', lens: 'all', event: version }}
            className="text-accent underline"
          >
            event {version}
          </Link>
        </span>
      </header>
      <p className="mt-1">
        <span className="text-quiet">Chosen: </span>
        {actionType.replaceAll('_', ' ')}
        {target === null ? '' : `, ${seen(target)}`}
        <span className="text-quiet"> · Who had the word: </span>
        {seen(wordOf(decision))}
      </p>
      <div className="mt-2 grid gap-2 md:grid-cols-2">
        <Side title="Rule">
          <Rule decision={decision} parts={parts} />
        </Side>
        <Side title="Advice">
          <Advice decision={decision} parts={parts} />
        </Side>
      </div>
      <Facts decision={decision} parts={parts} />
      <Moves parts={parts} />
    </article>
  );
}

const Side = ({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement => (
  <section className="min-w-0 rounded bg-raised p-2 text-xs">
    <h4 className="font-medium">{title}</h4>
    {children}
  </section>
);

function Rule({ decision, parts }: DecisionCardProps): ReactElement {
  const wanted = parts?.question?.rule.id ?? decision.programmaticAlternative ?? decision.target ?? 'nothing';
  const why = parts?.question?.rationale ?? (decision.source === 'llm_override' ? null : decision.rationale);
  return (
    <>
      <p>{seen(wanted)}</p>
      {why === null ? null : <p className="mt-1 break-words text-quiet">{seen(why)}</p>}
    </>
  );
}

function Advice({ decision, parts }: DecisionCardProps): ReactElement {
  const { confidence, adviceRejected, shadow, source, target, rationale } = decision;
  const sure = shadow?.confidence ?? confidence;
  const said = shadow?.move ?? (source === 'llm_override' ? target : null);
  const problem = adviceRejected ?? shadow?.problem ?? parts?.noAdvice ?? null;
  const advice = parts?.advice ?? null;
  if (said === null && problem === null && advice === null) return <p className="text-quiet">Nobody was asked.</p>;
  return (
    <>
      {said === null ? null : (
        <p>
          {seen(said)}
          {shadow === null ? '' : ' (shadow: recorded, not followed)'}
        </p>
      )}
      {sure === null ? null : <p className="text-quiet">Confidence {Math.round(sure * 100)} %</p>}
      {source === 'llm_override' ? <p className="break-words text-quiet">{seen(rationale)}</p> : null}
      {problem === null ? null : <p className="break-words text-warn">{seen(problem)}</p>}
      {advice === null ? null : (
        <details className="mt-1">
          <summary>As it was given{advice.model === null ? '' : ` (${seen(advice.model)})`}</summary>
          <JsonTree value={advice.output} label="Advice" />
        </details>
      )}
    </>
  );
}

function Facts({ decision, parts }: DecisionCardProps): ReactElement {
  const facts = parts?.facts ?? null;
  const scores = Object.entries(parts?.scores ?? {}).map(([dimension, score]) => {
    const threshold = facts?.thresholds?.[dimension];
    return `${dimension} ${score}${threshold === undefined ? '' : ` of ${threshold}`}`;
  });
  const rows: readonly (readonly [string, string])[] = [
    ['Because', decision.reasons.join('; ')],
    ['Scores', scores.join(', ')],
    ['Tools that failed', facts?.failingTools?.join(', ') || (facts?.failingTools == null ? '' : 'none')],
    ['Tools that did not run', facts?.unrunTools.join(', ') ?? ''],
    ['Judges', facts?.judges.map(({ judge, passes }) => `${judge} ${passes ? 'passes' : 'objects'}`).join(', ') ?? ''],
    ['Errors so far', facts === null ? '' : String(facts.errorCount)],
    ['Rounds at most', facts?.maxRounds == null ? '' : String(facts.maxRounds)],
    ['Not scored', facts?.unscored ?? ''],
    ['No other round', facts?.standstill ?? ''],
    ['Concerns', parts?.concerns.join('; ') ?? ''],
  ];
  return (
    <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs [&>dd]:break-words [&>dt]:text-quiet">
      {rows.flatMap(([title, text]) =>
        text === '' ? [] : [<dt key={title}>{title}</dt>, <dd key={`${title}: `}>{seen(text)}</dd>],
      )}
    </dl>
  );
}

function Moves({ parts }: { readonly parts: DecisionParts | undefined }): ReactElement | null {
  const question = parts?.question ?? null;
  if (question === null) return null;
  return (
    <details className="mt-2 text-xs">
      <summary className="text-quiet">
        {question.moves.length} legal moves, {question.blocked.length} blocked
      </summary>
      <ul className="mt-1 space-y-0.5">
        {question.moves.map(({ id, text }) => (
          <li key={id}>
            {seen(id)} <span className="text-quiet">{seen(text)}</span>
          </li>
        ))}
        {question.blocked.map(({ move, reason }) => (
          <li key={move.id}>
            <s>{seen(move.id)}</s> <span className="text-warn">blocked: {seen(reason)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
