import { createHash } from 'node:crypto';
import { BatonError } from '@baton/contracts';
import type { Pool } from 'pg';
import { ACCESS_COLUMNS, type AccessRow } from './access-log.js';
import { one, query } from './pool.js';

/* The log of access is a chain: each entry hashes the one before it. So one hash that is known fixes all up to there. */

/** What the newest entry is: its number and its hash. */
export interface AccessHead {
  readonly position: number;
  readonly hash: Buffer;
}

export async function accessHead(pool: Pool): Promise<AccessHead> {
  const sql = 'select position, hash from baton.access_head';
  return one(await query<AccessHead>(pool, 'access-head', sql), 'the head of the log of access');
}

/**
 * Behind which entry the log begins: those up to there were removed for their age (`baton.prune_access_log`). 0 where none was.
 */
export async function accessBeginning(pool: Pool): Promise<AccessHead> {
  const sql = 'select position, hash from baton.access_anchor';
  return one(await query<AccessHead>(pool, 'access-beginning', sql), 'the beginning of the log of access');
}

/** A hash that is known to be the one of an entry, since it was published. */
export interface AccessWitness extends AccessHead {
  /** Where it stands, for people. */
  readonly name: string;
}

/** Entries hashed anew, one after the other. */
interface AccessChain extends AccessHead {
  /** Entries that are those that were signed. */
  readonly signed: number;
  /** The first thing that is wrong. */
  readonly problem: string | null;
}

const PAGE = 1_000;
/** The kind of entry that says which were removed: the last of them, and its hash. */
const PRUNED = 'access-log-pruned';

/**
 * The chain from an entry on, or from the first one that is kept.
 *
 * @param witnesses in the order of their positions; those before `from` say nothing here
 */
export async function accessChain(
  pool: Pool,
  {
    from: known,
    upTo,
    witnesses = [],
  }: {
    /** What is known already. */
    readonly from?: AccessHead | undefined;
    readonly upTo: number;
    readonly witnesses?: readonly AccessWitness[];
  },
): Promise<AccessChain> {
  const from = await startOf(pool, known);
  let { position, hash } = from;
  const ahead = witnesses.filter((witness) => witness.position > from.position);
  let [next, signed] = [0, 0];
  const come = (problem: string | null): AccessChain => ({ position, hash, signed, problem });
  const other = witnesses.find((witness) => witness.position === from.position && !witness.hash.equals(from.hash));
  if (other !== undefined) return come(notSigned(signed, other));
  const missing = () => come(`Entry ${position + 1} of the log of access is missing.`);
  for (let isMore = true; isMore; ) {
    const page = await query<AccessRow>(
      pool,
      'access-page',
      `select ${ACCESS_COLUMNS} from baton.access_log where position > $1 and position <= $2 order by position limit ${PAGE}`,
      [position, upTo],
    );
    for (const row of page) {
      if (row.position !== position + 1) return missing();
      const expected = hashOf(hash, row);
      if (!expected.equals(row.hash))
        return come(`Entry ${row.position} of the log of access is not what was written.`);
      hash = expected;
      position = row.position;
      for (let witness = ahead[next]; witness?.position === position; witness = ahead[next]) {
        if (!witness.hash.equals(hash)) return come(notSigned(signed, witness));
        next += 1;
        signed = position;
      }
    }
    isMore = page.length === PAGE;
  }
  return position < upTo ? missing() : come(null);
}

const startOf = async (pool: Pool, known: AccessHead | undefined): Promise<AccessHead> =>
  known ?? accessBeginning(pool);

const notSigned = (signed: number, { position, name }: AccessWitness): string =>
  signed + 1 === position
    ? `Entry ${position} of the log of access is not what was signed: ${name} says so.`
    : `Of the entries ${signed + 1} to ${position} of the log of access one is not what was signed: ${name} says so.`;

/** How the log of access stands: whole up to its head and as it was signed, or where it is not. */
export interface AccessLogCheck {
  readonly verified: boolean;
  /** The number of the last one that is what was written; those that were removed for their age are counted. */
  readonly entries: number;
  /** Of the newest entry; hexadecimal. */
  readonly hash: string;
  readonly signed: number;
  readonly problem: string | null;
}

/**
 * Hashes every entry anew, from the first one on that is kept, and holds the last against the head, and each against what was
 * published. Where entries were removed for their age, one of those that are left has to say so.
 *
 * @param witnesses in the order of their positions
 * @param from where the log begins, where that is not to be asked of the database; a witness has to say that it went on from there
 */
export async function verifyAccessLog(
  pool: Pool,
  witnesses: readonly AccessWitness[],
  from?: AccessHead,
): Promise<AccessLogCheck> {
  const [head, beginning] = [await orNull(accessHead(pool)), from ?? (await orNull(accessBeginning(pool)))];
  if (head === null || beginning === null) {
    const what = head === null ? 'head' : 'beginning';
    return { verified: false, entries: 0, hash: '', signed: 0, problem: `The log of access has no ${what}.` };
  }
  const chain = await accessChain(pool, { from: beginning, upTo: head.position, witnesses });
  const lost = witnesses.at(-1);
  const ends = (): string | null => {
    if (!chain.hash.equals(head.hash)) return 'The head of the log of access is not its last entry.';
    if (lost === undefined) return null;
    if (lost.position < beginning.position) {
      return `The log of access begins after entry ${beginning.position}, and nothing is signed of what follows ${lost.position}.`;
    }
    if (lost.position <= chain.position) return null;
    return `Entry ${chain.position + 1} of the log of access is missing: ${lost.name} was signed over ${lost.position} entries.`;
  };
  const problem = chain.problem ?? ends() ?? (from === undefined ? await wrongBeginning(pool, beginning) : null);
  // Some of it was removed while it was read: that is looked at from where it begins now.
  if (problem !== null && from === undefined && (await accessBeginning(pool)).position !== beginning.position) {
    return verifyAccessLog(pool, witnesses);
  }
  const { position: entries, signed } = chain;
  return { verified: problem === null, entries, hash: chain.hash.toString('hex'), signed, problem };
}

const orNull = <T>(found: Promise<T>): Promise<T | null> =>
  found.catch((thrown: unknown) => {
    if (thrown instanceof BatonError && thrown.code === 'no-row') return null;
    throw thrown;
  });

/** Whoever takes away more than what was removed by rule needs an entry that says so, too. */
async function wrongBeginning(pool: Pool, { position, hash }: AccessHead): Promise<string | null> {
  if (position === 0) return null;
  const [newest] = await query<{ detail: string | null }>(
    pool,
    'access-removal',
    'select detail::text as detail from baton.access_log where kind = $1 order by position desc limit 1',
    [PRUNED],
  );
  if (newest?.detail === JSON.stringify({ position, hash: hash.toString('hex') })) return null;
  return `The log of access begins after entry ${position}, and no entry says that those before were removed for their age.`;
}

function hashOf(before: Buffer, row: AccessRow): Buffer {
  const { position, at_ms, kind, actor, address, route, code, about, count, detail } = row;
  const fields = [String(position), String(at_ms), kind, actor, address, route, code, about, String(count), detail];
  const text = fields.map((field) => (field === null ? '-;' : `${Buffer.byteLength(field)}:${field};`)).join('');
  return createHash('sha256').update(before).update(text).digest();
}
