import { Link } from '@tanstack/react-router';
import { type ReactElement, type ReactNode, useId } from 'react';
import { Button } from '../../parts/button.js';
import { CopyButton } from '../../parts/copy-button.js';
import { seen } from '../../parts/plain-text.js';
import { saveFile } from '../../parts/save-file.js';
import { countOf } from '../../parts/spans.js';
import {
  backtestInWords,
  changeInWords,
  effectInWords,
  kindInWords,
  policyFile,
  type Recommendation,
} from './words.js';

interface CardProps {
  readonly recommendation: Recommendation;
}

/** One recommendation: what, why, how sure, what it would save, and how to try it. */
export function RecommendationCard({ recommendation }: CardProps): ReactElement {
  const { id, kind, title, why, evidence, confidence, effect, change, policy, backtest } = recommendation;
  const heading = useId();
  return (
    <article aria-labelledby={heading} className="min-w-0 rounded-md border border-line bg-surface p-3">
      <p className="text-xs text-quiet">{kindInWords(kind)}</p>
      <h2 id={heading} className="font-semibold break-words">
        {seen(title)}
      </h2>
      <p className="mb-2 break-words">{seen(why)}</p>
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr]">
        <Fact name="Sample">{countOf(evidence.n)}</Fact>
        <Fact name="Sure">in {Math.floor(confidence * 100)} % of such cases at least</Fact>
        {evidence.observational === null ? null : (
          <Fact name="Not by lot">
            {countOf(evidence.observational.notAtRandom)} of {countOf(evidence.observational.runs)} runs
          </Fact>
        )}
        <Fact name="Effect">{seen(effectInWords(effect))}</Fact>
        {backtest === null ? null : <Fact name="Back-test">{backtestInWords(backtest)}</Fact>}
        {change === null ? null : (
          <Fact name="Change">
            {change.in === 'workflow' ? `${seen(`${change.workflow}@${change.version}`)} ` : ''}
            <code className="font-mono text-xs break-all">{seen(changeInWords(change))}</code>
          </Fact>
        )}
        {policy === null ? null : (
          <Fact name="Policy">
            <code className="font-mono text-xs break-all">{seen(JSON.stringify(policy))}</code>
          </Fact>
        )}
        {evidence.examples.length === 0 ? null : (
          <Fact name="Examples">
            <Examples examples={evidence.examples} />
          </Fact>
        )}
      </dl>
      <div data-print="no" className="mt-2 flex flex-wrap gap-2">
        {policy === null ? null : (
          <Button onClick={() => saveFile([policyFile(recommendation)], `policy-${id}.yaml`, 'application/yaml')}>
            Save the policy
          </Button>
        )}
        {change === null ? null : <CopyButton text={() => changeInWords(change)}>Copy the change</CopyButton>}
      </div>
    </article>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

const Fact = ({ name, children }: FactProps): ReactElement => (
  <>
    <dt className="text-quiet">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);

interface ExamplesProps {
  readonly examples: Recommendation['evidence']['examples'];
}

const ID_SHOWN = 8;

/** The way to each: to its decision where it is one. */
export const Examples = ({ examples }: ExamplesProps): ReactElement => (
  <span className="flex flex-wrap gap-x-3">
    {examples.map(({ runId, version, decisionId }) => (
      <Link
        key={`${runId} ${version}`}
        to="/runs/$runId"
        params={{ runId }}
        search={version === null ? {} : { tab: decisionId === null ? 'events' : 'decisions', event: version }}
        className="text-accent hover:underline"
      >
        {runId.slice(0, ID_SHOWN)}
        {version === null ? '' : ` event ${version}`}
      </Link>
    ))}
  </span>
);
