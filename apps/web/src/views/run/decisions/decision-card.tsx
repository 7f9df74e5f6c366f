import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { durationOf, moneyOf } from '../../../parts/spans.js';
import { Time } from '../../../parts/time.js';
import { DecisionFacts } from './decision-facts.js';
import { type Decision, type DecisionParts, isDisagreement, wantedIn, wordOf } from './decision-parts.js';
import { MoveList } from './move-list.js';
import { Sides } from './sides.js';

interface DecisionCardProps {
  readonly decision: Decision;
  readonly parts: DecisionParts | undefined;
}

/** One decision: what the rule wanted, what was advised, and who had the word. */
export function DecisionCard({ decision, parts }: DecisionCardProps): ReactElement {
  const { point, phase, round, actionType, target, classification, recoveryStrategy } = decision;
  const where = [phase, round === null ? null : `round ${round}`].filter((part) => part !== null).join(', ');
  const isApart = isDisagreement(decision, parts);
  const wanted = wantedIn(decision, parts);
  return (
    <article aria-label={`Decision at ${point.state}`} className="rounded border border-line bg-surface p-3">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-semibold">{seen(point.state)}</h3>
        <span className="text-xs text-quiet">
          {point.kind} · {classification}
          {where === '' ? '' : ` · ${seen(where)}`}
        </span>
        {isApart ? (
          <span className="rounded bg-warn-soft px-1.5 py-0.5 text-xs font-medium text-warn">disagreement</span>
        ) : null}
        <When decision={decision} />
      </header>
      <p className="mt-1 break-words">
        <span className="text-quiet">Chosen: </span>
        {[actionType.replaceAll('_', ' '), target, recoveryStrategy?.replaceAll('_', ' ')]
          .filter((part) => part != null)
          .map(seen)
          .join(', ')}
        <span className="text-quiet"> · Who had the word: </span>
        {seen(wordOf(decision))}
      </p>
      <Sides decision={decision} parts={parts} wanted={wanted} />
      <DecisionFacts decision={decision} parts={parts} />
      {parts?.question == null ? null : <MoveList question={parts.question} wanted={wanted} isOpenFirst={isApart} />}
    </article>
  );
}

const When = ({ decision: { decidedAt, latencyMs, costUsd, runId, version } }: Pick<DecisionCardProps, 'decision'>) => (
  <span className="ml-auto text-xs text-quiet">
    <Time at={decidedAt} /> · {durationOf(latencyMs)} · {costUsd === null ? 'cost unknown' : moneyOf(costUsd)} ·{' '}
    <Link
      to="/runs/$runId"
      params={{ runId }}
      search={{ tab: 'events', lens: 'all', event: version }}
      className="text-accent underline"
    >
      event {version}
    </Link>
  </span>
);
