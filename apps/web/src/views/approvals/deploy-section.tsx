import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { Skeleton } from '../../parts/skeleton.js';
import { bytesOf } from '../../parts/spans.js';
import { Text } from '../../parts/text.js';
import { readTar } from '../../parts/workspace-upload/read-tar.js';
import { Section } from './section.js';

/** What says how a version is deployed that names a base: it is that of the base, and not of what is deployed. */
const TOOLS_FILE = '.baton/tools.yaml';
/** A version comes as a whole, and is not fetched for one file of it where it is larger. */
const MOST_BYTES = 20 * 1_048_576;

type Tools = { readonly is: 'text'; readonly text: string } | { readonly is: 'missing' } | { readonly is: 'large' };

const toolsQuery = (tree: string) =>
  queryOptions({
    queryKey: ['workspace', tree, TOOLS_FILE],
    queryFn: async ({ signal }): Promise<Tools> => {
      const path = { tree };
      const { files, bytes } = await api().get('/v1/workspaces/{tree}', { params: { path }, signal });
      if (!files.some((file) => file.path === TOOLS_FILE)) return { is: 'missing' };
      if (bytes > MOST_BYTES) return { is: 'large' };
      const archive = await api().get('/v1/workspaces/{tree}', {
        ...{ params: { path }, headers: { accept: 'application/x-tar' }, parseAs: 'arrayBuffer' as const, signal },
      });
      const found = readTar(new Uint8Array(archive)).find((file) => file.path === TOOLS_FILE);
      return found === undefined ? { is: 'missing' } : { is: 'text', text: new TextDecoder().decode(found.bytes) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What is run once it is approved, where that stands in a file of the version that the run began from. */
export const DeploySection = ({ base }: { readonly base: string }): ReactElement => (
  <Section title="What is run when it is approved">
    <p className="mb-1 text-quiet">
      The section <code className="font-mono">deploy</code> of {TOOLS_FILE}, as it was before the run.
    </p>
    <ToolsFile base={base} />
  </Section>
);

function ToolsFile({ base }: { readonly base: string }): ReactElement {
  const { data, error } = useQuery(toolsQuery(base));
  if (error !== null) return <p className="text-bad">It could not be read: {error.message}</p>;
  if (data === undefined) return <Skeleton lines={3} />;
  switch (data.is) {
    case 'text':
      return <Text text={data.text} label={TOOLS_FILE} />;
    case 'missing':
      return <p className="text-warn">It is not there, so nothing can be deployed.</p>;
    case 'large':
      return (
        <p className="text-warn">
          The version is larger than {bytesOf(MOST_BYTES)}: <code className="font-mono">baton approval show ID</code>{' '}
          shows it.
        </p>
      );
  }
}
