import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckpointView, EventProof, RunId } from '@baton/contracts';
import { logHead, readBareStream } from '@baton/event-store';
import { keyChain, openCheckpoint, readLogKeys, type SignedCheckpoint } from '@baton/proof';
import { originOf } from '../checkpoints/make-checkpoint.js';
import { storedTree } from '../checkpoints/tree-growth.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { LATEST } from '../publication/publication.js';

type Parts = Pick<GatewayParts, 'audit' | 'checkpointer'>;

/** The newest published checkpoint with all that it takes to open it. */
export interface Latest extends SignedCheckpoint {
  readonly rotations: readonly string[];
  readonly key: string;
}

/** @throws as readLogKeys and openCheckpoint */
async function latestPublished({ audit: { pool, publication, keys: folder } }: Parts): Promise<Latest | null> {
  const note = (await publication?.get(LATEST)) ?? null;
  const keys = await readLogKeys(folder, await originOf(pool));
  if (note === null || keys === null) return null;
  const { signer, rotations } = keys;
  return { ...openCheckpoint(note, keyChain(signer.verifier, rotations)), rotations, key: signer.verifier.text };
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 200;

/**
 * The newest published checkpoint, once it covers a position: the log is signed at once where it does not yet.
 *
 * @throws ProblemError 409 `not-signed`
 */
export async function latestCovering(parts: Parts, position: number): Promise<Latest> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const latest = await latestPublished(parts);
    if (latest !== null && latest.size >= position) return latest;
    const state = parts.checkpointer?.state;
    if (state === undefined || state.status === 'stopped' || waitedMs >= PATIENCE_MS) {
      const why = state === undefined ? 'Checkpoints are off here (BATON_CHECKPOINTS)' : sayingOf(state);
      throw new ProblemError(`${why}: no published checkpoint covers position ${position}.`, {
        status: 409,
        code: 'not-signed',
        next: 'GET /v1/audit/checkpoint says how far the log is signed.',
      });
    }
    parts.checkpointer?.hurry();
    await sleep(LOOK_EVERY_MS);
  }
}

type State = NonNullable<GatewayParts['checkpointer']>['state'];
const sayingOf = (state: State): string =>
  state.status === 'stopped'
    ? state.error.message.replace(/\.$/, '')
    : (state.failure?.message.replace(/\.$/, '') ?? 'The newest events are not signed yet');

/** @throws ProblemError 404 `event-not-found`, 409 as above, 400 where the client has a checkpoint that is newer */
export async function proveEvent(parts: Parts, runId: RunId, version: number, from?: number): Promise<EventProof> {
  const { pool } = parts.audit;
  const [event] = await readBareStream(pool, runId, { fromVersion: version, toVersion: version });
  if (event === undefined) {
    throw new ProblemError(`Run ${runId} has no event ${version}.`, {
      status: 404,
      code: 'event-not-found',
      next: 'GET /v1/runs/{id}/events has those there are.',
    });
  }
  const latest = await latestCovering(parts, Math.max(event.position, from ?? 0));
  const { actor: _, leafHash: __, ...columns } = event;
  const tree = storedTree(pool);
  return {
    origin: latest.origin,
    checkpoint: latest.note,
    rotations: [...latest.rotations],
    event: columns,
    inclusion: (await tree.inclusion(event.position - 1, latest.size)).map(toBase64),
    consistency: await consistencyOf(parts, latest, from),
  };
}

export const toBase64 = (hash: Buffer): string => hash.toString('base64');

async function consistencyOf({ audit }: Parts, { size }: Latest, from: number | undefined) {
  if (from === undefined || from > size) return null;
  return { from, path: (await storedTree(audit.pool).consistency(from, size)).map(toBase64) };
}

/** How far the log is signed, and whether it goes on being signed. */
export async function checkpointView(parts: Parts, from: number | undefined): Promise<CheckpointView> {
  const { pool, publication, keys: folder } = parts.audit;
  const origin = await originOf(pool);
  const state = parts.checkpointer?.state ?? null;
  const latest = await latestPublished(parts).catch((thrown: unknown) => {
    if (state?.status === 'stopped') return null;
    throw thrown;
  });
  const keys = await readLogKeys(folder, origin).catch(() => null);
  return {
    status: state === null ? 'off' : state.status,
    origin,
    checkpoint: latest?.note ?? null,
    key: keys?.signer.verifier.text ?? null,
    rotations: [...(keys?.rotations ?? [])],
    where: publication?.where ?? null,
    waiting: Math.max(0, (await logHead(pool)) - (latest?.size ?? 0)),
    problem:
      state === null ? null : state.status === 'stopped' ? state.error.message : (state.failure?.message ?? null),
    consistency: latest === null ? null : await consistencyOf(parts, latest, from),
  };
}
