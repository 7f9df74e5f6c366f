import { type CommandId, JsonObject, type RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

export const toBytes = (hashes: readonly string[]): readonly Buffer[] => hashes.map((hash) => Buffer.from(hash, 'hex'));

/** Those of these blobs (hex) that are not there. */
export async function missingBlobs(pool: Pool, hashes: readonly string[]): Promise<readonly string[]> {
  if (hashes.length === 0) return [];
  const rows = await query<{ sha256: Buffer }>(
    pool,
    'missing-blobs',
    'select missing as sha256 from baton.missing_blobs($1) as missing',
    [toBytes(hashes)],
  );
  return rows.map(({ sha256 }) => sha256.toString('hex'));
}

/** A file that a stored tree names and that is not there. Hashes in hexadecimal. */
export interface MissingFile {
  readonly tree: string;
  readonly path: string;
  readonly sha256: string;
}

/** Files that are not there, of those of these trees (hex) that are. */
export async function missingFiles(pool: Pool, trees: readonly string[]): Promise<readonly MissingFile[]> {
  if (trees.length === 0) return [];
  const rows = await query<{ tree: Buffer; path: string; sha256: Buffer }>(
    pool,
    'missing-files',
    'select tree, path, sha256 from baton.missing_of_trees($1)',
    [toBytes(trees)],
  );
  return rows.map(({ tree, path, sha256 }) => ({ tree: tree.toString('hex'), path, sha256: sha256.toString('hex') }));
}

/** Something outside of the log that names a blob (hex) for as long as it is there. */
export interface SideReference {
  readonly what: string;
  readonly sha256: string;
}

/** Every version of every lineage, a page at a time. */
export async function* lineageReferences(pool: Pool, page = 1_000): AsyncGenerator<readonly SideReference[]> {
  let [lineage, number] = ['', 0];
  for (;;) {
    const rows = await query<{ lineage: string; number: number; tree: Buffer }>(
      pool,
      'lineage-references',
      `select lineage, number, tree from baton.lineage_version where (lineage, number) > ($1, $2)
        order by lineage, number limit $3`,
      [lineage, number, page],
    );
    yield rows.map((row) => ({
      what: `version ${row.number} of the lineage ${row.lineage}`,
      sha256: row.tree.toString('hex'),
    }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    ({ lineage, number } = last);
  }
}

/** The texts of templates that were ever told: each was stored before. */
export async function templateReferences(pool: Pool): Promise<readonly SideReference[]> {
  const rows = await query<{ id: string; variant: string; sha256: Buffer }>(
    pool,
    'template-references',
    'select id, variant, sha256 from baton.template_version order by id, variant, sha256',
    [],
  );
  return rows.map(({ id, variant, sha256 }) => ({
    what: `the text of the template ${id} (${variant})`,
    sha256: sha256.toString('hex'),
  }));
}

/** What a command of a run asked for, as `baton:worker:programmer`; null where no event says so. */
export async function resourceOfCommand(pool: Pool, runId: RunId, commandId: CommandId): Promise<string | null> {
  const rows = await query<{ data: string }>(
    pool,
    'resource-of-command',
    `select e.data from baton.event e
      where e.run_id = $1 and e.type = 'TaskScheduled' and position($2 in e.data::text) > 0
        and e.position >= (select s.first_position from baton.stream s where s.run_id = $1)
        and e.position <= (select s.last_position from baton.stream s where s.run_id = $1)`,
    [runId, JSON.stringify(commandId)],
  );
  for (const { data } of rows) {
    const asked = JsonObject.parse(JSON.parse(data));
    if (asked.commandId === commandId && typeof asked.resource === 'string') return asked.resource;
  }
  return null;
}
