import { GatewayRefused } from '@baton/client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/api.js';
import { bytesOf } from '../../parts/spans.js';
import { readTar } from '../../parts/workspace-upload/read-tar.js';
import type { ShownFile } from './earlier.js';

const PATIENCE_MS = 120_000;
const GONE = 404;

/** The files of a version that another one has not, or has otherwise. */
async function filesSince(tree: string, since: string, signal: AbortSignal): Promise<readonly ShownFile[]> {
  const archive = await api().get('/v1/workspaces/{tree}', {
    ...{ params: { path: { tree }, query: { since } }, headers: { accept: 'application/x-tar' } },
    ...{ parseAs: 'arrayBuffer' as const, timeoutMs: PATIENCE_MS, signal },
  });
  return readTar(new Uint8Array(archive)).map(({ path, bytes }) => ({ path, content: textOf(bytes) }));
}

function textOf(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // It is no text.
  }
  return `No text: ${bytesOf(bytes.length)}.`;
}

/** What differs between two versions of a workspace, as they are. Null where nobody has one of them any more. */
export const versionsQuery = ({ base, tree }: { readonly base: string; readonly tree: string }) =>
  queryOptions({
    queryKey: ['workspace', base, tree],
    queryFn: async ({ signal }) => {
      try {
        const [before, after] = await Promise.all([filesSince(base, tree, signal), filesSince(tree, base, signal)]);
        return { before, after };
      } catch (thrown) {
        if (thrown instanceof GatewayRefused && thrown.status === GONE) return null;
        throw thrown;
      }
    },
    // A version is what its hash says, for ever.
    staleTime: Number.POSITIVE_INFINITY,
  });
