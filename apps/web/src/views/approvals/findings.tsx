import type { Asked, AskedPanel, AskedReview, AskedToolReport } from '@baton/contracts';
import type { ReactElement } from 'react';
import { z } from 'zod';
import { seen } from '../../parts/plain-text.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';
import { Section } from './section.js';

const CELL = 'px-2 py-1 text-right';

/** The scores of each round, the newest last, with what is wanted below them. */
function Rounds({ panel }: { readonly panel: AskedPanel }): ReactElement {
  const { rounds, thresholds = {}, failures, spent, maxRounds } = panel;
  const dimensions = [...new Set(rounds.flatMap(({ scores }) => Object.keys(scores)))];
  return (
    <div className="space-y-2">
      {rounds.length === 0 ? null : (
        <div className="overflow-x-auto">
          <table className="border-collapse">
            <thead className="text-quiet">
              <tr>
                <th className="py-1 pr-2 text-left font-medium">Round{maxRounds == null ? '' : ` of ${maxRounds}`}</th>
                {dimensions.map((dimension) => (
                  <th key={dimension} className={`${CELL} font-medium`}>
                    {seen(dimension)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rounds.map(({ round, scores }) => (
                <tr key={round} className="border-t border-line">
                  <td className="py-1 pr-2">{round}</td>
                  {dimensions.map((dimension) => (
                    <td key={dimension} className={`${CELL} ${toneOf(scores[dimension], thresholds[dimension])}`}>
                      {scores[dimension] ?? '–'}
                    </td>
                  ))}
                </tr>
              ))}
              {Object.keys(thresholds).length === 0 ? null : (
                <tr className="border-t border-line text-quiet">
                  <td className="py-1 pr-2">wanted</td>
                  {dimensions.map((dimension) => (
                    <td key={dimension} className={CELL}>
                      {thresholds[dimension] ?? '–'}
                    </td>
                  ))}
                </tr>
              )}
            </tbody>
          </table>
        </div>
      )}
      {failures.map(({ state, error, cause }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was asked does not change
        <p key={at} className="break-words text-bad">
          {seen(`${state} failed: ${error}${cause === '' ? '' : `: ${cause}`}`)}
        </p>
      ))}
      {spent === undefined ? null : (
        <p className="text-quiet">
          When it asked, the run had spent {spent.usd === null ? 'an unknown sum' : moneyOf(spent.usd)} and{' '}
          {countOf(spent.tokens)} tokens.
        </p>
      )}
    </div>
  );
}

const toneOf = (score: number | undefined, wanted: number | undefined): string => {
  if (score === undefined || wanted === undefined) return '';
  return score >= wanted ? 'text-good' : 'text-bad';
};

/** What the deterministic tools said. What was not run did not pass. */
const Tools = ({ report }: { readonly report: AskedToolReport }): ReactElement => (
  <div className="space-y-1">
    <ul className="space-y-1">
      {report.tools.map(({ tool, status, durationMs, findings, reason }) => (
        <li key={tool}>
          <span className={status === 'passed' ? 'text-good' : 'text-bad'}>{seen(status)}</span> {seen(tool)}{' '}
          <span className="text-quiet">
            {durationMs === undefined ? '' : durationOf(durationMs)}
            {reason == null ? '' : ` ${seen(reason)}`}
          </span>
          {findings.length === 0 ? null : (
            <ul className="mt-0.5 list-disc space-y-0.5 pl-8">
              {findings.slice(0, MOST_FINDINGS).map((finding, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what was asked does not change
                <li key={at} className="break-words whitespace-pre-wrap">
                  {seen(findingWords(finding))}
                </li>
              ))}
              {findings.length > MOST_FINDINGS ? (
                <li className="text-quiet">and {countOf(findings.length - MOST_FINDINGS)} more, in the JSON below</li>
              ) : null}
            </ul>
          )}
        </li>
      ))}
    </ul>
    {report.warning == null ? null : <p className="text-warn">{seen(report.warning)}</p>}
    {report.unableReason == null ? null : <p className="text-bad">{seen(report.unableReason)}</p>}
  </div>
);

const MOST_FINDINGS = 20;
const Finding = z.looseObject({ file: z.string().nullish(), line: z.number().nullish(), message: z.string() });

function findingWords(finding: unknown): string {
  if (typeof finding === 'string') return finding;
  const parsed = Finding.safeParse(finding);
  if (!parsed.success) return JSON.stringify(finding);
  const { file, line, message } = parsed.data;
  return `${file ?? ''}${line == null ? '' : `:${line}`}${file == null ? '' : '  '}${message}`;
}

/** What a model found, or a person in its place. */
const ReviewOf = ({ review }: { readonly review: AskedReview }): ReactElement => {
  const { verdict, scores = {}, summary, issues, judgedBy } = review;
  const numbers = Object.entries(scores).map(([dimension, score]) => `${dimension} ${score}`);
  return (
    <div>
      <p>
        <span className="font-medium">{seen(verdict ?? 'Reviewed')}</span>
        <span className="text-quiet">
          {seen(` by ${judgedBy?.model ?? 'a validator'}${numbers.length === 0 ? '' : ` · ${numbers.join(', ')}`}`)}
        </span>
      </p>
      {issues.length === 0 ? null : (
        <ul className="mt-1 list-disc space-y-1 pl-5">
          {issues.map((issue, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was asked does not change
            <li key={at} className="break-words">
              <span className={issue.severity === 'minor' ? 'text-quiet' : 'text-warn'}>
                {seen(issue.severity ?? 'issue')}
              </span>{' '}
              {issue.place === undefined ? '' : `${seen(issue.place)}: `}
              {seen(issue.problem ?? issue.text ?? JSON.stringify(issue))}
              {issue.fix === undefined ? null : <span className="block text-quiet">Fix: {seen(issue.fix)}</span>}
            </li>
          ))}
        </ul>
      )}
      {summary === undefined ? null : <p className="mt-1 break-words text-quiet">{seen(summary)}</p>}
    </div>
  );
};

/** How it has come to this: rounds, tools, reviews. */
export const Findings = ({ asked }: { readonly asked: Asked }): ReactElement => {
  const { panel, toolReport, reviews } = asked;
  const hasRounds = panel !== null && (panel.rounds.length > 0 || panel.failures.length > 0);
  return (
    <>
      {hasRounds ? (
        <Section title="How it came to this">
          <Rounds panel={panel} />
        </Section>
      ) : null}
      {toolReport === null ? null : (
        <Section title={`Tools: ${toolReport.passed ? 'all passed' : 'not passed'}`}>
          <Tools report={toolReport} />
        </Section>
      )}
      {reviews.length === 0 ? null : (
        <Section title="Reviews">
          <div className="space-y-2">
            {reviews.map((review, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what was asked does not change
              <ReviewOf key={at} review={review} />
            ))}
          </div>
        </Section>
      )}
    </>
  );
};
