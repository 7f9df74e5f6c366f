import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import type { Decision, DecisionParts } from './decision-parts.js';

interface DecisionFactsProps {
  readonly decision: Decision;
  readonly parts: DecisionParts | undefined;
}

/** What was known when it was decided; what is not on record has no line. */
export function DecisionFacts({ decision, parts }: DecisionFactsProps): ReactElement {
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
    <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs [&>dd]:min-w-0 [&>dd]:break-words [&>dt]:text-quiet">
      {rows.flatMap(([title, text]) =>
        text === '' ? [] : [<dt key={title}>{title}</dt>, <dd key={`${title}: `}>{seen(text)}</dd>],
      )}
    </dl>
  );
}
