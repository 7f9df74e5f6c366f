import { assertNever, type Json, type RunId, type RunView, WorkspaceMade } from '@baton/contracts';
import { lastOutputWithFiles, workspaceVersions } from '@baton/event-store';
import { type BlobStore, getFile, getTree, pathProblem, sha256Of } from '@baton/workspace';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import type { Asked } from '../runs/find-run.js';
import { runResult } from '../runs/run-result.js';
import { toRefusal } from '../workspaces/to-refusal.js';

/** One file that a run made. */
export interface Artifact {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly bytes: () => Promise<Buffer>;
}

const Files = z.object({ files: z.array(z.object({ path: z.string(), content: z.string() })).min(1) });
const Handed = z.union([
  Files,
  z.object({ code: Files }).transform(({ code }) => code),
  z.object({ deliverable: Files }).transform(({ deliverable }) => deliverable),
]);
const WithWorkspace = z.object({ workspace: WorkspaceMade });

/**
 * The files that a run made, by path: those of its workspace where it has one, else those that its output holds. While it is at
 * work, and where it did not succeed, those of its newest round.
 *
 * @param run as it is now
 */
export async function runArtifacts(asked: Asked, run: RunView, store: BlobStore): Promise<readonly Artifact[]> {
  const handed = await handedOut(asked, run);
  const made = WithWorkspace.safeParse(handed);
  if (made.success) return inWorkspace(store, made.data.workspace.tree);
  const inOutput = Handed.safeParse(handed);
  if (inOutput.success) return inOutput.data.files.map(ofText).filter(({ path }) => pathProblem(path) === null);
  const newest = (await workspaceVersions(asked.pool, run.runId)).at(-1);
  return newest === undefined ? [] : inWorkspace(store, newest.tree);
}

/** @throws ProblemError 404 */
export async function requireArtifact(asked: Asked, run: RunView, path: string, store: BlobStore): Promise<Artifact> {
  const found = (await runArtifacts(asked, run, store)).find((artifact) => artifact.path === path);
  if (found !== undefined) return found;
  throw noSuchArtifact(run.runId, path);
}

async function handedOut(asked: Asked, { runId, status }: RunView): Promise<Json | null> {
  switch (status) {
    case 'succeeded':
      return (await runResult(asked, runId)).output;
    case 'accepted':
      return null;
    case 'running':
    case 'paused':
    case 'failed':
    case 'cancelled':
      return lastOutputWithFiles(asked.pool, runId);
    default:
      return assertNever(status);
  }
}

async function inWorkspace(store: BlobStore, tree: string): Promise<readonly Artifact[]> {
  const files = await getTree(store, tree).catch(toRefusal);
  return files.map((file) => ({
    path: file.path,
    size: file.size,
    sha256: file.sha256,
    bytes: () => getFile(store, file),
  }));
}

function ofText({ path, content }: { readonly path: string; readonly content: string }): Artifact {
  const bytes = Buffer.from(content, 'utf8');
  return { path, size: bytes.length, sha256: sha256Of(bytes), bytes: async () => bytes };
}

const noSuchArtifact = (runId: RunId, path: string): ProblemError =>
  new ProblemError(`Run ${runId} has made no file ${JSON.stringify(path.slice(0, 200))}.`, {
    status: 404,
    code: 'artifact-not-found',
    next: `GET /v1/runs/${runId}/artifacts lists those that it has made.`,
  });
