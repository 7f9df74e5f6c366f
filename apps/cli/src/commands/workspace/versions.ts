import { Readable } from 'node:stream';
import { BatonError, type RunDiff, WorkspaceInput } from '@baton/contracts';
import { type BlobStore, sha256Of, type Tree, type UnpackedFile, unpackFiles } from '@baton/workspace';
import { z } from 'zod';
import type { Gateway } from '../../gateway/gateway.js';
import { submittedWith } from '../run-again.js';

interface Rounds {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** @throws GatewayRefused `no-workspace`, `no-such-round` */
export function getDiff(gateway: Gateway, runId: string, rounds: Rounds, signal: AbortSignal): Promise<RunDiff> {
  const params = { path: { id: runId }, query: rounds };
  return gateway.get('/v1/runs/{id}/diff', { params, signal, timeoutMs: 120_000 });
}

/** The patch between two rounds, as text for `git apply`. */
export const getPatch = (gateway: Gateway, runId: string, rounds: Rounds, signal: AbortSignal): Promise<string> =>
  gateway.get('/v1/runs/{id}/diff', {
    params: { path: { id: runId }, query: rounds },
    headers: { accept: 'text/x-diff, application/problem+json' },
    parseAs: 'text',
    signal,
    timeoutMs: 120_000,
  });

/** What the run was given as its workspace. */
export async function givenWorkspace(gateway: Gateway, runId: string, signal: AbortSignal): Promise<WorkspaceInput> {
  const { submission } = await submittedWith(gateway, runId, signal);
  const parsed = z.object({ workspace: WorkspaceInput }).safeParse(submission.input);
  if (parsed.success) return parsed.data.workspace;
  throw new BatonError(`The input of run ${runId} names no workspace.`, {
    code: 'no-workspace',
    next: 'Write its files with `--out DIR`.',
  });
}

export async function getTreeFiles(gateway: Gateway, tree: string, signal: AbortSignal): Promise<Tree> {
  const params = { path: { tree } };
  return (await gateway.get('/v1/workspaces/{tree}', { params, signal, timeoutMs: 120_000 })).files;
}

/** The files of a version, or those of them that another one does not have, one at a time. */
export async function* filesOf(
  gateway: Gateway,
  tree: string,
  since: string | null,
  signal: AbortSignal,
): AsyncGenerator<UnpackedFile> {
  const body = await gateway.get('/v1/workspaces/{tree}', {
    params: { path: { tree }, query: since === null ? {} : { since } },
    headers: { accept: 'application/x-tar' },
    parseAs: 'stream',
    signal,
  });
  if (body !== null) yield* unpackFiles(Readable.fromWeb(body));
}

/** What was fetched, by its hash: whoever names another hash than that of the bytes does not find them. */
export function fetchedBlobs(): BlobStore & { readonly add: (bytes: Buffer) => void } {
  const blobs = new Map<string, Buffer>();
  return {
    add: (bytes) => void blobs.set(sha256Of(bytes), bytes),
    put: async (bytes) => {
      const sha256 = sha256Of(bytes);
      blobs.set(sha256, bytes);
      return { sha256, size: bytes.length };
    },
    get: async (sha256) => {
      const bytes = blobs.get(sha256);
      if (bytes !== undefined) return bytes;
      throw new BatonError(`The gateway sent no file with the hash ${sha256}.`, {
        code: 'blob-missing',
        next: 'Try again.',
      });
    },
  };
}
