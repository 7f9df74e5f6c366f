import { useQueries } from '@tanstack/react-query';
import { type ReactElement, Suspense } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Problem } from '../../../shell/problem.js';
import { Diff } from './diff.js';
import type { Rounds } from './rounds.js';

interface WorkspaceFileDiffProps {
  readonly runId: string;
  readonly rounds: Rounds;
  readonly file: Schemas['RunDiff']['files'][number];
  readonly isSplit: boolean;
}

const SIDES = ['before', 'after'] as const;
type Side = (typeof SIDES)[number];

/** Larger files are had by download. */
const MOST_BYTES = 1_000_000;

/** A file of the workspace on both sides, asked for by their hashes: they never change. */
export function WorkspaceFileDiff({ runId, rounds, file, isSplit }: WorkspaceFileDiffProps): ReactElement {
  const { path } = file;
  const isLarge = SIDES.some((side) => (file[side]?.size ?? 0) > MOST_BYTES);
  const of = (side: Side) => ({ path, side, ...rounds });
  const sides = useQueries({
    queries: SIDES.map((side) => ({
      queryKey: ['workspace-file', runId, path, file[side]?.sha256 ?? null],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => textOf(runId, of(side), signal),
      enabled: !isLarge && file[side] !== null,
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const error = sides.find((each) => each.error !== null)?.error ?? null;
  if (error !== null) return <Problem error={error} />;
  const [before, after] = SIDES.map((side, at) => (file[side] === null ? '' : sides[at]?.data));
  const links = <Downloads runId={runId} of={SIDES.filter((side) => file[side] !== null).map(of)} />;
  if (isLarge) return <p className="text-quiet">It is too large to be compared here. {links}</p>;
  if (before === undefined || after === undefined) return <Skeleton lines={4} />;
  if (before.includes('\0') || after.includes('\0')) return <p className="text-quiet">It is no text. {links}</p>;
  return (
    <Suspense fallback={<Skeleton lines={6} />}>
      <Diff label={`Changes of ${path}`} before={before} after={after} isSplit={isSplit} />
      <p className="text-xs">{links}</p>
    </Suspense>
  );
}

interface SideOf extends Rounds {
  readonly path: string;
  readonly side: Side;
}

/** What is not said is left out. */
const queryOf = ({ path, side, from, to }: SideOf) => ({
  ...{ path, side },
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

async function textOf(runId: string, of: SideOf, signal: AbortSignal): Promise<string> {
  const params = { path: { id: runId }, query: queryOf(of) };
  return String(await api().get('/v1/runs/{id}/diff/file', { params, parseAs: 'text', signal }));
}

const TITLES: Readonly<Record<Side, string>> = { before: 'Download as it was', after: 'Download as it is' };

const Downloads = ({ runId, of }: { readonly runId: string; readonly of: readonly SideOf[] }): ReactElement => (
  <>
    {of.map((each) => (
      <a
        key={each.side}
        className="mr-3 text-accent underline"
        href={`/v1/runs/${runId}/diff/file?${new URLSearchParams(Object.entries(queryOf(each)).map(([name, value]) => [name, String(value)]))}`}
        download
      >
        {TITLES[each.side]}
      </a>
    ))}
  </>
);
