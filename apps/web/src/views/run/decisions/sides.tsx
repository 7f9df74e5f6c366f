import type { ReactElement, ReactNode } from 'react';
import { JsonTree } from '../../../parts/json-tree/json-tree.js';
import { seen } from '../../../parts/plain-text.js';
import { type Decision, type DecisionParts, saidIn, type Wanted } from './decision-parts.js';

interface SidesProps {
  readonly decision: Decision;
  readonly parts: DecisionParts | undefined;
  readonly wanted: Wanted;
}

/** What the rule wanted, what was advised, and what a person said, beside each other. */
export function Sides({ decision, parts, wanted }: SidesProps): ReactElement {
  const { source } = decision;
  const hasPerson = source === 'human';
  return (
    <div className={`mt-2 grid gap-2 ${hasPerson ? 'md:grid-cols-3' : 'md:grid-cols-2'}`}>
      <Side title="Rule" hasWord={source.startsWith('programmatic')}>
        <Wish move={wanted.rule} parts={parts} />
        <Why text={parts?.question?.rationale ?? (source.startsWith('programmatic') ? decision.rationale : '')} />
      </Side>
      <Side title="Advice" hasWord={source === 'llm_override'}>
        <Advice decision={decision} parts={parts} wanted={wanted} />
      </Side>
      {hasPerson ? (
        <Side title="Person" hasWord>
          <Wish move={wanted.person} parts={parts} />
          {parts?.person == null ? null : <p className="text-quiet">{seen(parts.person.by)}</p>}
          <Why text={parts?.person?.comment ?? decision.rationale} />
        </Side>
      ) : null}
    </div>
  );
}

interface SideProps {
  readonly title: string;
  readonly hasWord: boolean;
  readonly children: ReactNode;
}

const Side = ({ title, hasWord, children }: SideProps): ReactElement => (
  <fieldset
    aria-label={title}
    className={`min-w-0 rounded border-l-2 bg-raised p-2 text-xs ${hasWord ? 'border-ink' : 'border-transparent'}`}
  >
    <h4 className="font-medium">
      {title}
      {hasWord ? <span className="font-normal text-quiet"> · had the word</span> : null}
    </h4>
    {children}
  </fieldset>
);

/** A move, and what it is in words. */
function Wish({
  move,
  parts,
}: {
  readonly move: string | null;
  readonly parts: DecisionParts | undefined;
}): ReactElement {
  const question = parts?.question ?? null;
  const known =
    question === null ? [] : [question.rule, ...question.moves, ...question.blocked.map((each) => each.move)];
  const text = known.find(({ id }) => id === move)?.text ?? '';
  return (
    <p className="break-words">
      {seen(move ?? 'nothing')}
      {text === '' ? '' : <span className="text-quiet"> {seen(text)}</span>}
    </p>
  );
}

const Why = ({ text }: { readonly text: string }): ReactElement | null =>
  text === '' ? null : <p className="mt-1 break-words text-quiet">{seen(text)}</p>;

function Advice({ decision, parts, wanted }: SidesProps): ReactElement {
  const { confidence, adviceRejected, shadow, source } = decision;
  const sure = shadow?.confidence ?? confidence;
  const problem = adviceRejected ?? shadow?.problem ?? parts?.noAdvice ?? null;
  const advice = parts?.advice ?? null;
  if (wanted.advice === null && problem === null && advice === null) {
    return <p className="text-quiet">Nobody was asked.</p>;
  }
  const said = saidIn(parts);
  return (
    <>
      {wanted.advice === null ? null : <Wish move={wanted.advice} parts={parts} />}
      <p className="text-quiet">
        {[
          ...(sure === null ? [] : [`Confidence ${Math.round(sure * 100)} %`]),
          ...(shadow === null ? [] : ['in shadow: recorded, not followed']),
        ].join(' · ')}
      </p>
      <Why text={said?.rationale ?? (source === 'llm_override' ? decision.rationale : '')} />
      {problem === null ? null : <p className="break-words text-warn">{seen(problem)}</p>}
      {advice === null ? null : (
        <details className="mt-1">
          <summary className="cursor-pointer">
            As it was given{advice.model === null ? '' : ` (${seen(advice.model)})`}
          </summary>
          <JsonTree value={advice.output} label="Advice" />
        </details>
      )}
    </>
  );
}
