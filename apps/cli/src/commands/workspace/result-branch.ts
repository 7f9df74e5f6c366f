import { resolve } from 'node:path';
import { BatonError, type RunDiff, type WorkspaceInput } from '@baton/contracts';
import { type BlobStore, commitToBranch, type Round, snapshotFolder, type Tree, withFiles } from '@baton/workspace';
import type { Context } from '../../context.js';
import type { Gateway } from '../../gateway/gateway.js';
import { getLineage } from './lineages.js';
import { gitOf } from './submit-workspace.js';
import { fetchedBlobs, filesOf, getDiff, getTreeFiles, givenWorkspace } from './versions.js';

export interface WrittenBranch {
  readonly runId: string;
  readonly branch: string;
  readonly commit: string;
  readonly rounds: number;
}

interface BranchRequest {
  readonly runId: string;
  readonly workflow: string;
  readonly branch: string;
  readonly repo: string;
  /** Where `repo` is a copy of the workspace alone: the commit in it that holds what the run began from. */
  readonly copiedAs?: string;
}

/**
 * Writes the rounds of a run as commits to a new branch of the user's repository, and touches nothing else of it. Where the
 * run began from files that were not committed, they are a commit of their own before the first round.
 */
export async function writeBranch(
  context: Context,
  gateway: Gateway,
  { runId, workflow, branch, repo, copiedAs }: BranchRequest,
): Promise<WrittenBranch> {
  const { interrupted: signal } = context;
  const given: Beginning['given'] =
    copiedAs === undefined ? await givenWorkspace(gateway, runId, signal) : { commit: copiedAs };
  const { base: newest, rounds } = await getDiff(gateway, runId, {}, signal);
  // What the run began from, whatever it merged since.
  const base = rounds[0]?.base ?? newest;
  const folder = resolve(context.env.workingDirectory, repo);
  const store = fetchedBlobs();
  const baseTree = await getTreeFiles(gateway, base, signal);
  const first = await firstVersion(gateway, given, base, signal);
  const firstTree = first === base ? baseTree : await getTreeFiles(gateway, first, signal);
  const begun = await beginning(context, gateway, { folder, given, base: first, baseTree: firstTree, store });
  const landed =
    first === base ? [] : [await landedBefore(gateway, { first, firstTree, base, baseTree }, store, signal)];
  const made = await roundsOf(gateway, { base, baseTree, rounds }, store, signal);
  const named = made.map(
    ({ number, at, isMerge, ...trees }): Round => ({
      ...trees,
      at,
      subject: isMerge ? `${workflow}: what others landed, merged` : `${workflow}: round ${number}`,
      trailers: [`Baton-Run: ${runId}`, `Baton-Round: ${number}`],
    }),
  );
  const firstAt = named[0]?.at ?? new Date(context.nowMs());
  const before = [...(begun === null ? [] : [begun]), ...landed].map(
    (each): Round => ({ ...each, at: firstAt, trailers: [`Baton-Run: ${runId}`, 'Baton-Round: 0'] }),
  );
  const commit = await commitToBranch({
    ...gitOf(context),
    folder,
    branch,
    prefix: given.prefix ?? '',
    base: given.commit ?? null,
    rounds: [...before, ...named],
    store,
  });
  return { runId, branch, commit, rounds: named.length };
}

/**
 * The version that lies over the commit which the branch is to begin from: of a run that began from the head of a lineage the
 * first version of that, with which it has its commit in common.
 */
async function firstVersion(
  gateway: Gateway,
  { commit, lineage }: Beginning['given'],
  base: string,
  signal: AbortSignal,
): Promise<string> {
  if (lineage === undefined || commit === undefined) return base;
  const { workspace } = await getLineage(gateway, lineage, signal);
  return workspace.commit === commit ? workspace.tree : base;
}

/** What others had landed on the lineage when the run began. */
async function landedBefore(
  gateway: Gateway,
  {
    first,
    firstTree,
    base,
    baseTree,
  }: { readonly first: string; readonly firstTree: Tree; readonly base: string; readonly baseTree: Tree },
  store: Store,
  signal: AbortSignal,
) {
  for await (const { bytes } of filesOf(gateway, base, first, signal)) store.add(bytes);
  return { before: firstTree, after: baseTree, subject: 'What others had landed before' };
}

type Store = BlobStore & { readonly add: (bytes: Buffer) => void };

/** Rounds that changed something, with their files in the store. */
async function roundsOf(
  gateway: Gateway,
  { base, baseTree, rounds }: Pick<RunDiff, 'base' | 'rounds'> & { readonly baseTree: Tree },
  store: Store,
  signal: AbortSignal,
) {
  const made: { before: Tree; after: Tree; number: number; at: Date; isMerge: boolean }[] = [];
  let [before, version, standsOn] = [baseTree, base, base];
  for (const { round: number, tree, base: stands, at } of rounds) {
    const isMerge = stands !== standsOn;
    standsOn = stands;
    if (tree === version) continue;
    const after = await getTreeFiles(gateway, tree, signal);
    for await (const { bytes } of filesOf(gateway, tree, version, signal)) store.add(bytes);
    made.push({ before, after, number, at: new Date(at), isMerge });
    [before, version] = [after, tree];
  }
  return made;
}

interface Beginning {
  readonly folder: string;
  readonly given: Pick<WorkspaceInput, 'commit' | 'prefix' | 'lineage'>;
  readonly base: string;
  readonly baseTree: Tree;
  readonly store: Store;
}

/** What the run began from, as far as no commit has it; null where one has all of it. */
async function beginning(
  context: Context,
  gateway: Gateway,
  { folder, given, base, baseTree, store }: Beginning,
): Promise<Pick<Round, 'before' | 'after' | 'subject'> | null> {
  const { commit } = given;
  const committed = commit === undefined ? [] : await committedTree(context, folder, commit);
  if (committed === null) return null;
  // What was deleted and what was left out look the same, so nothing is taken out here.
  const after = withFiles(committed, baseTree);
  const known = new Set(committed.map(({ path, sha256, mode }) => `${path}\0${sha256}\0${mode}`));
  if (after.every(({ path, sha256, mode }) => known.has(`${path}\0${sha256}\0${mode}`))) return null;
  for await (const { bytes } of filesOf(gateway, base, null, context.interrupted)) store.add(bytes);
  const subject = commit === undefined ? 'What the run began from' : 'What the run began from, and no commit had';
  return { before: committed, after, subject };
}

/** Null where the commit is not there: who writes the branch says so, in better words. */
async function committedTree(context: Context, folder: string, commit: string): Promise<Tree | null> {
  try {
    return (await snapshotFolder(folder, { ref: commit, ...gitOf(context) })).tree;
  } catch (thrown) {
    if (thrown instanceof BatonError && NOT_THERE.has(thrown.code)) return null;
    throw thrown;
  }
}

const NOT_THERE: ReadonlySet<string> = new Set(['no-such-ref', 'not-a-repository', 'no-git']);
