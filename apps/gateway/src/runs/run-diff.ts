import type { RunDiff, RunId, RunView } from '@baton/contracts';
import { workspaceVersions } from '@baton/event-store';
import { getRun } from '@baton/read-model';
import { type BlobStore, diffTrees, getFile, getTree, type Tree } from '@baton/workspace';
import type { Pool } from 'pg';
import { z } from 'zod';
import { wholeNumber } from '../http/parameters.js';
import { ProblemError } from '../http/problem.js';
import { toRefusal } from '../workspaces/to-refusal.js';
import { type Asked, requireRun } from './find-run.js';

const round = wholeNumber(/^\d{1,6}$/, 'must be the number of a round');
export const RunDiffQuery = z.strictObject({ from: round.optional(), to: round.optional() });
type Rounds = z.output<typeof RunDiffQuery>;

/** One of the files that differ, as it was or as it is. */
export const RunDiffFileQuery = RunDiffQuery.extend({
  path: z.string().min(1).max(1_000),
  side: z.enum(['before', 'after']),
});

/** What became of a run's workspace between two rounds, by default from its beginning to its newest version. */
export interface Difference {
  readonly view: RunDiff;
  readonly before: Tree;
  readonly after: Tree;
}

/** @throws ProblemError 404 where the run is not there, or has no workspace yet; 400 for a round that it does not have */
export async function runDiff(
  asked: Asked,
  idOrPrefix: string,
  parameters: Rounds,
  store: BlobStore,
): Promise<Difference> {
  const { pool } = asked;
  const run = await requireRun(asked, idOrPrefix);
  const { runId } = run;
  const versions = await versionsOf(pool, run);
  const begun = versions[0]?.base;
  if (begun == null) throw withoutWorkspace(runId);
  const rounds = versions.map(({ tree, base, recordedAt }, at) => ({
    round: at + 1,
    tree,
    base: base ?? begun,
    at: recordedAt,
  }));
  const to = parameters.to ?? rounds.length;
  const trees = [begun, ...rounds.map(({ tree }) => tree)];
  const after = await treeOfRound(runId, trees, to, store);
  const base = rounds[to - 1]?.base ?? begun;
  const { from } = parameters;
  const before = from === undefined ? await getTree(store, base) : await treeOfRound(runId, trees, from, store);
  const files = diffTrees(before, after).map((change) => ({ ...change }));
  return { view: { runId, base, rounds, from: from ?? 0, to, files }, before, after };
}

/** What one side holds of a file. @throws ProblemError as runDiff, and 404 where that side has no such file */
export async function fileOfDiff(
  asked: Asked,
  idOrPrefix: string,
  { path, side, ...rounds }: z.output<typeof RunDiffFileQuery>,
  store: BlobStore,
): Promise<{ readonly sha256: string; readonly bytes: () => Promise<Buffer> }> {
  const difference = await runDiff(asked, idOrPrefix, rounds, store);
  const file = difference[side].find((each) => each.path === path);
  if (file !== undefined) return { sha256: file.sha256, bytes: () => getFile(store, file).catch(toRefusal) };
  throw new ProblemError(`There is no file ${JSON.stringify(path)} ${side} this difference.`, {
    status: 404,
    code: 'no-such-file',
    next: 'GET /v1/runs/{id}/diff lists the files that differ, and on which side each is.',
  });
}

/** More forks of forks than this nobody makes by hand. */
const MOST_FORKS = 20;

/** The versions of a run, after those that were made before it was forked from another. */
async function versionsOf(pool: Pool, run: RunView): Promise<Awaited<ReturnType<typeof workspaceVersions>>> {
  let versions = await workspaceVersions(pool, run.runId);
  let { forkedFrom } = run;
  for (let forks = 0; forkedFrom !== null && forks < MOST_FORKS; forks += 1) {
    const { runId, version: upTo } = forkedFrom;
    versions = [...(await workspaceVersions(pool, runId)).filter(({ version }) => version <= upTo), ...versions];
    forkedFrom = (await getRun(pool, runId))?.forkedFrom ?? null;
  }
  return versions;
}

async function treeOfRound(runId: RunId, trees: readonly string[], number: number, store: BlobStore): Promise<Tree> {
  const version = trees[number];
  if (version !== undefined) return getTree(store, version).catch(toRefusal);
  throw new ProblemError(`Run ${runId} has no round ${number}: it has ${trees.length - 1}.`, {
    status: 400,
    code: 'no-such-round',
    next: `Give a number from 0, which is what the run began from, to ${trees.length - 1}.`,
    errors: [{ pointer: 'from', detail: `must be at most ${trees.length - 1}` }],
  });
}

const withoutWorkspace = (runId: RunId): ProblemError =>
  new ProblemError(`Run ${runId} has no version of a workspace.`, {
    status: 404,
    code: 'no-workspace',
    next: 'A run has one when it was given a workspace and its first round of code is done; see how it stands with `baton run get`.',
  });
