import type { Json } from '@baton/contracts';
import { type ReactElement, Suspense, useMemo } from 'react';
import { nodesIn, pictureOf } from '../../parts/graph/machine-picture.js';
import { StateList } from '../../parts/graph/state-list.js';
import { lazily } from '../../parts/lazily.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { waysIn } from './composed-ways.js';
import { Section } from './section.js';

const WorkflowPicture = lazily(() =>
  import('../../parts/graph/workflow-picture.js').then(({ WorkflowPicture: picture }) => picture),
);

/** A workflow that is put before a person: its shape, with what is done side by side, for each of a list, and when. */
export function ComposedSection({ document }: { readonly document: Json }): ReactElement | null {
  const machine = useMemo(() => pictureOf(document), [document]);
  const ways = useMemo(() => waysIn(document), [document]);
  if (nodesIn(machine).length === 0) return null;
  return (
    <Section title="What would run">
      <Suspense fallback={<Skeleton lines={12} />}>
        <WorkflowPicture machine={machine} label="Graph of what would run" />
      </Suspense>
      {ways.length === 0 ? null : (
        <ul aria-label="Which way is gone when" className="mt-2 list-disc pl-4">
          {ways.map(({ choice, when, to }) => (
            <li key={`${choice} ${when} ${to}`} className="break-words">
              {seen(`${choice}: ${when}, then ${to}`)}
            </li>
          ))}
        </ul>
      )}
      <details className="mt-2">
        <summary className="cursor-pointer text-quiet">The same as a list</summary>
        <StateList machine={machine} />
      </details>
    </Section>
  );
}
