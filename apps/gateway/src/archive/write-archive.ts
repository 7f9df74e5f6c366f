import { BatonError, type RunId } from '@baton/contracts';
import { type ArchivedAbout, type ArchivedGroup, erasedRuns, type GroupMember, isArchive } from '@baton/event-store';
import { readLogKeys, verifyBundle } from '@baton/proof';
import { getRun } from '@baton/read-model';
import type { Pool } from 'pg';
import { bundleOf } from '../audit/export-bundle.js';
import { originOf } from '../checkpoints/make-checkpoint.js';
import type { ArchiveParts } from './archive-parts.js';

/**
 * Writes runs to a file that proves itself, and reads it back as an auditor would, before anything is said of it.
 *
 * @param lookedAt where the log ended when the members were found
 * @param number makes the name another one than that of any file of the same runs before
 * @throws BatonError as `bundleOf`, or `archive-unproven`
 */
export async function writeArchive(
  parts: ArchiveParts,
  members: readonly GroupMember[],
  { number, lookedAt }: { readonly number: number; readonly lookedAt: number },
): Promise<ArchivedGroup> {
  const { audit, folder } = parts;
  const runIds = members.map(({ runId }) => runId);
  const [root = ''] = runIds;
  // One after the other: of ten thousand questions at once others would wait too long for a connection.
  const abouts: Awaited<ReturnType<typeof aboutOf>>[] = [];
  for (const runId of runIds) abouts.push(await aboutOf(audit.pool, runId));
  const erased = await erasedRuns(audit.pool, runIds);
  const month = (abouts[0]?.endedAt ?? '').slice(0, '2026-11'.length);
  const name = `${month}/${root}-${number.toString(16).padStart(8, '0')}.jsonl.gz`;
  await removeStray(parts, month, root);
  const file = await folder.write(name, await bundleOf(parts, runIds, { everyJournal: true }));
  const keys = await readLogKeys(audit.keys, await originOf(audit.pool));
  const verdict = await verifyBundle(folder.lines({ name, sha256: file.sha256 }), keys?.signer.verifier ?? null);
  const events = members.reduce((sum, { version }) => sum + version, 0);
  if (!verdict.verified || verdict.events !== events) {
    await folder.remove(name);
    throw new BatonError(
      `The archive of run ${root} does not prove what it has: ${verdict.problem ?? `it has ${verdict.events} of ${events} events`}.`,
      { code: 'archive-unproven', next: '`baton audit verify` says what is wrong with the log.' },
    );
  }
  const runs = members.map(({ runId, version }, n) => ({ runId, version, about: abouts[n]?.about ?? NOTHING }));
  return { file: { name, ...file }, runs, erased, lookedAt };
}

const NOTHING: ArchivedAbout = { workflow: '', status: '', labels: {}, submittedBy: '', startedAt: '' };

async function aboutOf(pool: Pool, runId: RunId): Promise<{ readonly about: ArchivedAbout; readonly endedAt: string }> {
  const run = await getRun(pool, runId);
  if (run === null || run.endedAt === null) {
    throw new BatonError(`Run ${runId} has not ended.`, { code: 'run-not-ended' });
  }
  const { workflow, status, labels, submittedBy, startedAt, endedAt } = run;
  return {
    about: { workflow, status, labels, submittedBy: `${submittedBy.type}:${submittedBy.id}`, startedAt },
    endedAt,
  };
}

/** A file of the same runs that nothing knows of was left by somebody who was killed before he could say so. */
async function removeStray({ audit: { pool }, folder }: ArchiveParts, month: string, root: RunId): Promise<void> {
  for (const found of await folder.namesOf(month, `${root}-`)) {
    if (!(await isArchive(pool, found))) await folder.remove(found);
  }
}
