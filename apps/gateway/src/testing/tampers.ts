import { eventHash, generateSignerKey, growTree, leafOf, signCheckpoint } from '@baton/proof';
import type { Pool } from 'pg';
import { originOf } from '../checkpoints/make-checkpoint.js';

/* What somebody does to a log who may do anything to its database. */

export type Tamper = (owner: Pool) => Promise<unknown>;
export const sql =
  (...statements: readonly string[]): Tamper =>
  async (owner) => {
    for (const statement of statements) await owner.query(statement);
  };

/** Gives events from a position on the hashes that fit to what they hold now. */
async function rehash(owner: Pool, from = 1): Promise<void> {
  const { rows } = await owner.query('select * from baton.event where position >= $1', [from]);
  for (const row of rows) {
    const hash = eventHash({
      runId: row.run_id,
      version: row.version,
      type: row.type,
      schemaVersion: row.schema_version,
      eventId: row.event_id,
      causationId: row.causation_id,
      correlationId: row.correlation_id,
      recordedAt: row.recorded_at.toISOString(),
      actorText: row.actor,
      dataText: row.data,
    });
    await owner.query('update baton.event set leaf_hash = $2 where position = $1', [row.position, hash]);
  }
}

/** The stored tree and a checkpoint of the log as it is now, under another key. */
async function rewriteTree(owner: Pool): Promise<void> {
  const tree = growTree();
  const { rows } = await owner.query('select position, leaf_hash from baton.event order by position');
  const leaves = rows.map(({ position, leaf_hash }) => leafOf(position, leaf_hash));
  for (const leaf of leaves) tree.append(leaf);
  await owner.query('update baton.tree_tile set hashes = $1 where level = 0 and index = 0', [Buffer.concat(leaves)]);
  await owner.query('delete from baton.checkpoint');
  const name = await originOf(owner);
  const note = signCheckpoint({ origin: name, size: tree.size, root: tree.root() }, [generateSignerKey(name)]);
  await owner.query('insert into baton.checkpoint (size, note) values ($1, $2)', [tree.size, note]);
}

const exchanged = (a: number, b: number): Tamper =>
  sql(
    `update baton.event set position = 1000 where position = ${a}`,
    `update baton.event set position = ${a} where position = ${b}`,
    `update baton.event set position = ${b} where position = 1000`,
    `update baton.stream s set first_position = (select min(position) from baton.event e where e.run_id = s.run_id),
            last_position = (select max(position) from baton.event e where e.run_id = s.run_id)`,
  );
export const forged =
  (...statements: readonly string[]): Tamper =>
  async (owner) => {
    await sql(...statements)(owner);
    await rehash(owner);
  };
const removed = (runId: string): Tamper =>
  sql(
    `delete from baton.event where run_id = '${runId}'`,
    `delete from baton.stream where run_id = '${runId}'`,
    `delete from baton.run_view where run_id = '${runId}'`,
    'update baton.log set head = (select max(position) from baton.event)',
    'update baton.run_view_cursor set position = (select head from baton.log)',
  );

/** As its function writes it, so with hashes that fit: everything from the third entry on, and as many entries as before. */
const rewrittenAccess = (kind: string, id: string): Tamper =>
  sql(
    'delete from baton.access_log where position > 2',
    'update baton.access_head set position = 2, hash = (select hash from baton.access_log where position = 2)',
    ...[3, 4].map(() => noted(kind, id)),
  );
const ANY_HASH = 'ab'.repeat(32);
/** All of it taken away, as if for its age, and begun anew. */
const prunedAccess: Tamper = sql(
  'delete from baton.access_log',
  `update baton.access_anchor set position = 5, hash = decode('${ANY_HASH}', 'hex')`,
  `update baton.access_head set position = 5, hash = decode('${ANY_HASH}', 'hex')`,
  `select baton.note_access('access-log-pruned', null, null, null, null, null, 5, '{"position":5,"hash":"${ANY_HASH}"}')`,
);
export const noted = (kind: string, id: string): string =>
  `select baton.note_access('${kind}', '{"type":"user","id":"${id}"}', null, null, null, 'a key', 1, null)`;

/**
 * What can be done, and what is found of it. Positions: 1 to 3 of the first run, 4 to 6 of the second, 7 to 11 of the third;
 * checkpoints: of 3 events, and of all. Entries of the log of access: 1 and 2 before the first, 3 and 4 before the second.
 */
export const tampers = (
  second: string,
  third: string,
): readonly (readonly [what: string, tamper: Tamper, found: RegExp])[] => [
  [
    'an event changed',
    sql(`update baton.event set data = '{"output":7}' where position = 3`),
    /position 3 .*its hash differs/,
  ],
  ['an event deleted', sql('delete from baton.event where position = 5'), /position 5 is missing/],
  [
    'an event inserted with a hash that fits, and all behind it moved',
    forged(
      'update baton.event set position = position + 100 where position > 4',
      'update baton.event set position = position - 99 where position > 100',
      `insert into baton.event select 5, run_id, 4, type, schema_version, event_id, causation_id, correlation_id, recorded_at, actor, data, leaf_hash
         from baton.event where position = 3`,
      'update baton.log set head = head + 1',
      `update baton.stream s set version = (select max(version) from baton.event e where e.run_id = s.run_id),
              first_position = (select min(position) from baton.event e where e.run_id = s.run_id),
              last_position = (select max(position) from baton.event e where e.run_id = s.run_id)`,
    ),
    /position 5 .*not what was signed/,
  ],
  [
    'two events of a run in another order',
    sql(
      'update baton.event set position = 1000 where position = 2',
      'update baton.event set position = 2 where position = 3',
      'update baton.event set position = 3 where position = 1000',
    ),
    /before position 2/,
  ],
  ['two events of different runs exchanged', exchanged(3, 4), /position 3 .*not what was signed/],
  [
    'the end of the log cut off',
    sql('delete from baton.event where position > 9', 'update baton.log set head = 9'),
    /position 10 is missing/,
  ],
  [
    'the log emptied',
    sql(
      'delete from baton.event',
      'delete from baton.stream',
      'delete from baton.run_view',
      'update baton.log set head = 0',
      'update baton.run_view_cursor set position = 0',
    ),
    /position 1 is missing/,
  ],
  ['the head lowered', sql('update baton.log set head = 7'), /position 8 is missing|goes on to position 11/],
  [
    'an actor forged, with a hash that fits',
    forged(`update baton.event set actor = '{"type":"user","id":"mallory"}' where position = 2`),
    /position 2 .*not what was signed/,
  ],
  [
    'a time forged, with a hash that fits',
    forged(`update baton.event set recorded_at = recorded_at - interval '1 day' where position = 6`),
    /position 6 .*not what was signed/,
  ],
  [
    'a result forged, with a hash that fits',
    forged(`update baton.event set data = replace(data::text, '42', '43')::json where position = 11`),
    /position 11 .*not what was signed/,
  ],
  [
    'the tail written anew, with hashes that fit',
    forged(
      `update baton.event set data = '{"output":{"paid":true}}' where position = 6`,
      `update baton.event set actor = '{"type":"user","id":"mallory"}' where position > 6`,
    ),
    /position 6 .*not what was signed/,
  ],
  [
    'the whole tree written anew under another key',
    async (owner) => {
      await forged(`update baton.event set data = '{"output":7}' where position = 3`)(owner);
      await rewriteTree(owner);
    },
    /checkpoint of 11 events in the database.*not signed by/,
  ],
  [
    'the tree written anew, and the checkpoints of the database removed',
    async (owner) => {
      await forged(`update baton.event set data = '{"output":7}' where position = 3`)(owner);
      await rewriteTree(owner);
      await owner.query('delete from baton.checkpoint');
    },
    /between position 1 and position 3 is not what was signed/,
  ],
  ['the last run removed, and its view', removed(third), /position 7 is missing/],
  ['a run in the middle removed, and its view', removed(second), /position 4 is missing/],
  [
    'a blob replaced',
    sql(`update baton.blob set content = 'another content of it'`),
    /the blob [0-9a-f]{64} is not what was written/,
  ],
  [
    'a journal entry replaced',
    sql(`update baton.llm_journal set response = '{"text":"no"}' where call_index = 1`),
    /position 11\): the journal .*hash differs/,
  ],
  [
    'a journal entry deleted',
    sql('delete from baton.llm_journal where call_index = 1'),
    /position 11\): the journal .*has 2 of the 3/,
  ],
  [
    'the version of a stream lowered',
    sql(`update baton.stream set version = 2, last_position = 5 where run_id = '${second}'`),
    /version 2, position 5, and the run goes on/,
  ],
  [
    'the version of a stream raised',
    sql(`update baton.stream set version = 4 where run_id = '${second}'`),
    /version 4, position 6, and there is no such event/,
  ],
  [
    'a stream removed',
    sql(`delete from baton.stream where run_id = '${second}'`),
    /begins at position 4, has no stream/,
  ],
  [
    'the end of the log of access written anew, with hashes that fit',
    rewrittenAccess('key-created', 'ada'),
    /Of the entries 3 to 4 of the log of access one is not what was signed: access\//,
  ],
  [
    'an entry of the log of access changed',
    sql(`update baton.access_log set actor = '{"type":"user","id":"ada"}' where position = 2`),
    /Entry 2 of the log of access is not what was written/,
  ],
  [
    'the end of the log of access cut off, and its head moved',
    sql(
      'delete from baton.access_log where position > 3',
      'update baton.access_head set position = 3, hash = (select hash from baton.access_log where position = 3)',
    ),
    /Entry 4 of the log of access is missing: access\/.*over 4 entries/,
  ],
  [
    'the log of access begun anew, as if what was signed had been removed for its age',
    prunedAccess,
    /begins after entry 5, and nothing is signed of what follows 4/,
  ],
  [
    'the log of access emptied',
    sql(
      'delete from baton.access_log',
      `update baton.access_head set position = 0, hash = decode(repeat('00', 32), 'hex')`,
    ),
    /Entry 1 of the log of access is missing/,
  ],
  [
    'a view changed',
    sql(`update baton.run_view set view = replace(view::text, '"succeeded"', '"failed"')::json`),
    /read model shows run/,
  ],
];

/** What is found by whoever is to sign, before anything is signed: a log … */
export const REFUSED_BY_SIGNING: readonly (readonly [what: string, tamper: Tamper, found: RegExp])[] = [
  [
    'cut off',
    sql('delete from baton.event where position > 9', 'update baton.log set head = 9'),
    /position 10 is missing/,
  ],
  [
    'written anew',
    forged(`update baton.event set data = '{"output":7}' where position = 11`),
    /position 11 is another one/,
  ],
  [
    'written anew with its tree',
    async (owner: Pool) => {
      await forged(`update baton.event set data = '{"output":7}' where position = 3`)(owner);
      await rewriteTree(owner);
    },
    /another one than the one whose 11 events were published/,
  ],
  ['of access written anew', rewrittenAccess('key-created', 'ada'), /log of access is another one/],
  [
    'of access written anew and longer than it was',
    async (owner: Pool) => {
      await rewrittenAccess('key-created', 'ada')(owner);
      await owner.query(noted('key-created', 'ada'));
    },
    /Entry 5 of the log of access is not what was written/,
  ],
  [
    'of access that is said to have been pruned, and begins anew',
    prunedAccess,
    /begins after entry 5, and 4 entries were signed/,
  ],
  [
    'of access cut off',
    sql('update baton.access_head set position = 1', 'delete from baton.access_log where position > 1'),
    /Entry 2 of the log of access is missing: 4 entries were signed/,
  ],
];
