import type { ReactElement } from 'react';
import { beginningOf, seen } from '../../../parts/plain-text.js';
import type { Finding } from './tool-runs.js';

const MOST = 4_000;

/** What was found, each with what was answered. */
export const Findings = ({ findings }: { readonly findings: readonly Finding[] }): ReactElement => (
  <ul className="space-y-2">
    {findings.map((finding, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a tool says the same twice, and the list of a version does not change
      <li key={at} className="break-words whitespace-pre-wrap">
        <span className="font-medium">
          {[finding.id, finding.severity].filter(Boolean).map(seen).join(', ')}
          {finding.file === null ? '' : ` · ${seen(finding.file)}${finding.line === null ? '' : `:${finding.line}`}`}
        </span>
        <span className="block">{seen(beginningOf(finding.text, MOST).text)}</span>
        {finding.answers.map((answer) => (
          <span key={answer} className="mt-1 block border-l-2 border-good pl-2">
            <span className="text-quiet">Answer: </span>
            {seen(beginningOf(answer, MOST).text)}
          </span>
        ))}
      </li>
    ))}
  </ul>
);
