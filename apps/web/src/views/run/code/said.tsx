import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { Findings } from './findings.js';
import { ToolRunPart } from './tool-run-part.js';
import type { Version } from './versions.js';

/** What readers and tools said of a version. */
export const Said = ({ runId, version }: { readonly runId: string; readonly version: Version }): ReactElement => (
  <section aria-label="What was found in it" className="space-y-2 rounded-md border border-line bg-surface p-3">
    {version.reviews.length === 0 && version.tools.length === 0 ? (
      <p className="text-quiet">Nobody has looked at it yet.</p>
    ) : null}
    {version.reviews.map(({ verdict, summary, scores }, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: reviews have no name, and those that are there stay
      <p key={at} className="break-words">
        <span className="font-medium">{seen(verdict)}</span>{' '}
        <span className="text-quiet">
          {Object.entries(scores)
            .map(([name, score]) => `${seen(name)} ${score}`)
            .join(', ')}
        </span>
        <span className="block">{seen(summary)}</span>
      </p>
    ))}
    {version.findings.length === 0 ? null : <Findings findings={version.findings} />}
    {version.tools.map((ran, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the same tool may have run twice
      <ToolRunPart key={at} runId={runId} ran={ran} />
    ))}
  </section>
);
