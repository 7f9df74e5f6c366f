import type { RunId, Verification } from '@baton/contracts';
import type { Pool } from 'pg';
import { DocumentCheck } from './documents.js';
import { leafHash } from './leaf-hash.js';
import { RunVersions } from './run-versions.js';
import { logHead, readBareLog, readBareStream, type StoredEvent, streamVersion } from './streams.js';

/** What a verification holds in memory, however long the log is. */
export interface VerifyLimits {
  /** Events read at once. */
  readonly page: number;
  /** Runs whose version is remembered. */
  readonly runs: number;
}

const LIMITS: VerifyLimits = { page: 1_000, runs: 20_000 };

/**
 * Reads the whole log and checks that positions and each run's versions have no gap, that every event still has the hash
 * it was written with and every document that is named the hash it is named by, and that the log ends where the sequencer
 * says. Stops at the first thing that is wrong.
 *
 * @param onEvent sees each event that passed, in order; what it throws is the problem reported
 */
export async function verifyLog(
  pool: Pool,
  onEvent: (event: StoredEvent) => void = () => {},
  limits: VerifyLimits = LIMITS,
): Promise<Verification> {
  const head = await logHead(pool);
  const reached = new RunVersions(pool, limits.runs);
  const documents = new DocumentCheck(pool);
  let position = 0;
  let runs = 0;
  const verdict = (problem: string | null): Verification => ({
    verified: problem === null,
    events: position,
    runs,
    problem,
  });
  while (position < head) {
    const page = await readBareLog(pool, { afterPosition: position, limit: Math.min(limits.page, head - position) });
    if (page.length === 0) return verdict(`the log ends at position ${position}, the sequencer says ${head}`);
    const versions = await reached.before(page, position);
    for (const event of page) {
      const problem =
        problemOf(event, position + 1, (versions.get(event.runId) ?? 0) + 1) ??
        (await documentProblem(documents, event)) ??
        rejection(event, onEvent);
      if (problem !== null) return verdict(problem);
      position = event.position;
      if (event.version === 1) runs += 1;
      versions.set(event.runId, event.version);
    }
    reached.keep(versions);
  }
  return verdict(null);
}

/**
 * The same for one run: its versions have no gap and end where its stream says, its positions rise, and every event still
 * has the hash it was written with, and so the documents that they name. What only the whole log shows, a position that is missing between runs, it cannot see.
 */
export async function verifyStream(pool: Pool, runId: RunId, page = LIMITS.page): Promise<Verification> {
  const until = await streamVersion(pool, runId);
  const documents = new DocumentCheck(pool);
  let version = 0;
  let position = 0;
  const verdict = (problem: string | null): Verification => ({
    verified: problem === null,
    events: version,
    runs: until === 0 ? 0 : 1,
    problem,
  });
  while (version < until) {
    const events = await readBareStream(pool, runId, { fromVersion: version + 1, toVersion: until, limit: page });
    if (events.length === 0) return verdict(`run ${runId} ends at version ${version}, its stream says ${until}`);
    for (const event of events) {
      const problem = problemOfRun(event, version + 1) ?? (await documentProblem(documents, event));
      if (problem !== null) return verdict(problem);
      if (event.position <= position)
        return verdict(`run ${runId}: version ${event.version} stands before the one before it`);
      ({ version, position } = event);
    }
  }
  return verdict(null);
}

function problemOf(event: StoredEvent, position: number, version: number): string | null {
  return event.position === position ? problemOfRun(event, version) : `position ${position} is missing`;
}

function problemOfRun(event: StoredEvent, version: number): string | null {
  if (event.version !== version)
    return `run ${event.runId}: version ${version} is missing before position ${event.position}`;
  if (leafHash(event).toString('hex') !== event.leafHash) {
    return `the event at position ${event.position} (run ${event.runId}, version ${version}) is not what was written: its hash differs`;
  }
  return null;
}

async function documentProblem(documents: DocumentCheck, event: StoredEvent): Promise<string | null> {
  const problem = await documents.problemOf(event);
  return problem === null ? null : `run ${event.runId}, version ${event.version}: ${problem}`;
}

function rejection(event: StoredEvent, onEvent: (event: StoredEvent) => void): string | null {
  try {
    onEvent(event);
    return null;
  } catch (thrown) {
    return `run ${event.runId}, version ${event.version}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}
