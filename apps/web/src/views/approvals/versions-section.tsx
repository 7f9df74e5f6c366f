import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Skeleton } from '../../parts/skeleton.js';
import { beforeQuery } from './approval-queries.js';
import { filePairs, shownVersion } from './earlier.js';
import { FileList } from './file-list.js';
import { Section } from './section.js';
import { versionsQuery } from './versions-query.js';

interface VersionsProps {
  readonly approvalId: string;
  readonly versions: { readonly base: string; readonly tree: string };
}

/** What changed in the workspace: since it was shown the last time, else since the version that the work was made from. */
export function VersionsSection({ approvalId, versions }: VersionsProps): ReactElement {
  const { data: events } = useQuery(beforeQuery(approvalId));
  return (
    <Section title="Workspace">
      {events === undefined ? (
        <Skeleton lines={3} />
      ) : (
        <Changes versions={versions} shown={shownVersion(events, approvalId)} />
      )}
    </Section>
  );
}

function Changes({
  versions,
  shown,
}: Pick<VersionsProps, 'versions'> & { readonly shown: string | null }): ReactElement {
  const { data, error } = useQuery(versionsQuery({ base: shown ?? versions.base, tree: versions.tree }));
  if (error !== null) return <p className="text-bad">The versions could not be read: {error.message}</p>;
  if (data === undefined) return <Skeleton lines={3} />;
  if (data === null) return <p className="text-quiet">Nobody has the files of these versions any more.</p>;
  const pairs = filePairs(data.before, data.after);
  return (
    <>
      <p className="mb-1 text-quiet">
        Version {versions.tree.slice(0, 12)}, compared to{' '}
        {shown === null ? 'the workspace that it is made from' : 'what was shown the last time'}.
      </p>
      {pairs.length === 0 ? <p>Nothing is different.</p> : <FileList pairs={pairs} hasEarlier />}
    </>
  );
}
