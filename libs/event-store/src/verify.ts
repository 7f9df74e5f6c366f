import type { RunId, Verification } from '@baton/contracts';
import { eventHash } from '@baton/proof';
import type { Pool } from 'pg';
import { DocumentCheck } from './documents.js';
import { type LogRow, logRows } from './log-rows.js';
import { RunVersions } from './run-versions.js';
import { wrongStream } from './stream-rows.js';
import { lastPosition, logHead, readBareStream, type StoredEvent, streamVersion } from './streams.js';

/** What a verification holds in memory, however long the log is. */
interface VerifyLimits {
  /** Positions read at once. */
  readonly page: number;
  /** Runs whose version is remembered. */
  readonly runs: number;
}

const LIMITS: VerifyLimits = { page: 20_000, runs: 20_000 };

export interface VerifyOptions {
  /** Sees the events that passed, in order. @returns what is wrong with one of them, if something is */
  readonly onPage?: (events: readonly LogRow[]) => Promise<string | null>;
  /** Is asked of positions that the log does not have, first and last. @returns what is wrong with that; else it goes on behind them */
  readonly onGap?: (from: number, to: number) => Promise<string | null>;
  /** Is asked where the log ends, once all of it passed. @returns what is wrong with that, if something is */
  readonly onEnd?: () => string | null;
  /** Hears every now and then how far it has come. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly limits?: VerifyLimits;
}

/**
 * Reads the whole log and checks that positions and each run's versions have no gap, that every event still has the hash
 * it was written with and every document that is named the hash it is named by, that the log ends where the sequencer
 * says, and that each run's stream ends where its events do. Stops at the first thing that is wrong.
 *
 * @param pool of two connections at least: one reads on, while another is asked what belongs to it
 */
export async function verifyLog(
  pool: Pool,
  {
    onPage = async () => null,
    onGap = async (from) => `position ${from} is missing`,
    onEnd = () => null,
    onProgress = () => {},
    limits = LIMITS,
  }: VerifyOptions = {},
): Promise<Verification> {
  // The newest event first: what is appended in between is counted by the sequencer, too.
  const newest = await lastPosition(pool);
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
  const range = { afterPosition: 0, toPosition: head };
  const beforeThat = async (from: number, to: number): Promise<string | null> => (from > to ? null : onGap(from, to));
  for await (const page of logRows(pool, range, limits.page)) {
    const versions = await reached.before(page, position);
    for (const part of withoutGaps(page)) {
      const begin = part[0]?.position ?? position;
      const gap = await beforeThat(position + 1, begin - 1);
      if (gap !== null) return verdict(gap);
      position = Math.max(position, begin - 1);
      const { passed, problem } = await soundPart(part, position, versions, documents);
      position += passed.length;
      runs += passed.filter(({ version }) => version === 1).length;
      // What is wrong with what stands before comes first.
      const found = (await onPage(passed)) ?? problem;
      if (found !== null) return verdict(found);
    }
    reached.keep(versions);
    onProgress(position, head);
  }
  if ((await beforeThat(position + 1, head)) !== null) {
    return verdict(`the log ends at position ${position}, the sequencer says ${head}`);
  }
  position = Math.max(position, head);
  if (newest > head) return verdict(`the log goes on to position ${newest}, the sequencer says ${head}`);
  return verdict(onEnd() ?? (await wrongStream(pool)));
}

/** The events of a page in parts that have no gap. */
function* withoutGaps(page: readonly LogRow[]): Generator<readonly LogRow[]> {
  let begin = 0;
  for (let at = 1; at <= page.length; at += 1) {
    if (at < page.length && page[at]?.position === (page[at - 1]?.position ?? 0) + 1) continue;
    yield page.slice(begin, at);
    begin = at;
  }
}

/** The events of a page up to the first that is wrong; `versions` goes on with them. */
async function soundPart(
  page: readonly LogRow[],
  position: number,
  versions: Map<RunId, number>,
  documents: DocumentCheck,
): Promise<{ readonly passed: readonly LogRow[]; readonly problem: string | null }> {
  for (const [n, event] of page.entries()) {
    const version = (versions.get(event.runId) ?? 0) + 1;
    const wrong = problemOf(event, position + n + 1, version);
    const problem = wrong ?? (documents.namedIn(event.data) ? await documentProblem(documents, event) : null);
    if (problem !== null) return { passed: page.slice(0, n), problem };
    versions.set(event.runId, event.version);
  }
  return { passed: page, problem: null };
}

/**
 * The same for one run: its versions have no gap and end where its stream says, its positions rise, and every event still
 * has the hash it was written with, and so the documents that they name. What only the whole log shows, a position that is
 * missing between runs, it cannot see.
 *
 * @param onEvent sees each event that passed, with its hash
 */
export async function verifyStream(
  pool: Pool,
  runId: RunId,
  {
    page = 1_000,
    onEvent = async () => null,
  }: {
    readonly page?: number;
    readonly onEvent?: (event: StoredEvent, hash: Buffer) => Promise<string | null>;
  } = {},
): Promise<Verification> {
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
      const hash = eventHash(event);
      const row = { ...event, storedHash: Buffer.from(event.leafHash, 'hex'), hash };
      const problem =
        problemOfRun(row, version + 1) ??
        (await documentProblem(documents, { ...event, data: Buffer.from(event.dataText) })) ??
        (await onEvent(event, hash));
      if (problem !== null) return verdict(problem);
      if (event.position <= position)
        return verdict(`run ${runId}: version ${event.version} stands before the one before it`);
      ({ version, position } = event);
    }
  }
  return verdict(null);
}

/** Where an event stands. */
export type Place = Pick<StoredEvent, 'position' | 'runId' | 'version'>;
type Hashed = Place & Pick<LogRow, 'storedHash' | 'hash'>;

function problemOf(event: Hashed, position: number, version: number): string | null {
  return event.position === position ? problemOfRun(event, version) : `position ${position} is missing`;
}

function problemOfRun(event: Hashed, version: number): string | null {
  if (event.version !== version)
    return `run ${event.runId}: version ${version} is missing before position ${event.position}`;
  if (!event.hash.equals(event.storedHash)) {
    return `the event at position ${event.position} (run ${event.runId}, version ${version}) is not what was written: its hash differs`;
  }
  return null;
}

async function documentProblem(documents: DocumentCheck, event: Place & Pick<LogRow, 'data'>): Promise<string | null> {
  const problem = documents.namedIn(event.data) ? await documents.problemOf(event.data.toString()) : null;
  return problem === null ? null : `run ${event.runId}, version ${event.version}: ${problem}`;
}
