import {
  Actor,
  type CommandId,
  type Landing,
  type LineageVersion,
  type LineageView,
  storableText,
  type TreeVersion,
  WorkspaceInput,
} from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import type { CommandRow } from './batch.js';
import {
  COMMAND_COLUMNS,
  type CommandTableRow,
  inScope,
  type LaneScope,
  NOT_PARKED,
  olderThan,
  toCommand,
} from './commands.js';
import { database } from './database.js';
import { one, query } from './pool.js';
import type { Tables } from './tables.js';

const bytesOf = (tree: TreeVersion): Buffer => Buffer.from(tree, 'hex');

/** Makes a lineage whose first version is a tree that is stored. `full`: there are as many as there may be. */
export async function createLineage(
  connection: Pool | PoolClient,
  { name, workspace, actor }: { readonly name: string; readonly workspace: WorkspaceInput; readonly actor: Actor },
): Promise<'created' | 'exists' | 'no-tree' | 'full'> {
  const rows = await query<{ outcome: 'created' | 'exists' | 'no-tree' | 'full' }>(
    connection,
    'create-lineage',
    'select baton.create_lineage($1, $2, $3, $4) as outcome',
    [name, bytesOf(workspace.tree), storableText(JSON.stringify(workspace)), storableText(JSON.stringify(actor))],
  );
  return one(rows, 'an outcome').outcome;
}

export interface ToLand {
  /** The open command that asks. */
  readonly commandId: CommandId;
  readonly lineage: string;
  readonly from: TreeVersion;
  readonly tree: TreeVersion;
  readonly state: string;
  readonly actor: Actor;
}

/** Why nothing can be landed, at any time. `closed`: nobody waits for the answer. */
export type NotLanded = 'closed' | 'no-lineage' | 'no-tree' | 'unknown-base';

/** Another run is next: it merges what was landed last, and lands before all others. To be asked again. */
export interface WaitsToLand {
  readonly waitsFor: string;
}

interface LandedRow {
  readonly outcome: 'landed' | 'moved' | 'waits' | NotLanded;
  readonly number: number | null;
  readonly tree: Buffer | null;
  readonly run_id: string | null;
}

/** Moves the head of a lineage from one version to a tree, where it is still that version. Asking again gives the same answer. */
export async function landVersion(
  pool: Pool,
  { commandId, lineage, from, tree, state, actor }: ToLand,
): Promise<Landing | NotLanded | WaitsToLand> {
  const rows = await query<LandedRow>(
    pool,
    'land-version',
    'select * from baton.land_version($1, $2, $3, $4, $5, $6)',
    [commandId, lineage, bytesOf(from), bytesOf(tree), storableText(state), storableText(JSON.stringify(actor))],
  );
  const { outcome, number, tree: head, run_id: runId } = one(rows, 'an outcome');
  if (outcome === 'waits') {
    if (runId === null) throw new Error('land_version answered that a run waits, and not for which');
    return { waitsFor: runId };
  }
  if (outcome !== 'landed' && outcome !== 'moved') return outcome;
  if (number === null || head === null) throw new Error(`land_version answered ${outcome} and no head`);
  return { landed: outcome === 'landed', head: { number, tree: head.toString('hex'), runId } };
}

interface CommandsPage {
  readonly olderThanMs: number;
  readonly limit: number;
  readonly afterSeq?: number;
  readonly scope?: LaneScope;
}

/** Open commands that ask to land a version, committed at least so long ago, beginning after one of them. */
export const versionsToLand = (pool: Pool, page: CommandsPage): Promise<readonly CommandRow[]> =>
  commandsForHub(pool, 'land', page);

/** As `versionsToLand`, those that ask that a document be published. */
export const documentsToPublish = (pool: Pool, page: CommandsPage): Promise<readonly CommandRow[]> =>
  commandsForHub(pool, 'publish', page);

/** The name stands in the text, so that its partial index is used. */
async function commandsForHub(
  pool: Pool,
  name: 'land' | 'publish',
  page: CommandsPage,
): Promise<readonly CommandRow[]> {
  const age = olderThan('c.created_at', 3, page.olderThanMs);
  const scope = inScope('c.created_at', 4, page.scope);
  const rows = await query<CommandTableRow>(
    pool,
    `commands-to-${name}${age.name}${scope.name}`,
    `select ${COMMAND_COLUMNS} from baton.command c
      where c.name = '${name}' and c.queue is null and c.seq > $2 and ${NOT_PARKED} ${age.condition} ${scope.condition}
      order by c.seq limit $1`,
    [page.limit, page.afterSeq ?? 0, ...age.values, ...scope.values],
  );
  return rows.map(toCommand);
}

const VERSION = [
  'v.number',
  'v.tree',
  'v.recorded_at',
  'v.run_id',
  'v.state',
  'v.actor',
] as const satisfies readonly `v.${string}`[];

interface VersionRow {
  readonly number: number;
  readonly tree: Buffer;
  readonly recorded_at: Date;
  readonly run_id: string | null;
  readonly state: string | null;
  readonly actor: string;
}

const versionOf = ({ number, tree, recorded_at, run_id, state, actor }: VersionRow): LineageVersion => ({
  number,
  tree: tree.toString('hex'),
  recordedAt: recorded_at.toISOString(),
  runId: run_id,
  state,
  actor: Actor.parse(JSON.parse(actor)),
});

/** By name, each with its head. */
export async function listLineages(
  pool: Pool,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly LineageView[]> {
  return lineages(pool, 'list-lineages', { after: after ?? '', name: null, limit });
}

/** Null where there is none of that name. */
export async function findLineage(connection: Pool | PoolClient, name: string): Promise<LineageView | null> {
  const [found] = await lineages(connection, 'find-lineage', { after: '', name, limit: 1 });
  return found ?? null;
}

async function lineages(
  connection: Pool | PoolClient,
  what: string,
  { after, name, limit }: { readonly after: string; readonly name: string | null; readonly limit: number },
): Promise<readonly LineageView[]> {
  const rows = await database<Tables>(connection, what)
    .selectFrom('lineage as l')
    .innerJoin('lineage_version as v', 'v.lineage', 'l.name')
    .select(['l.name', 'l.workspace', 'l.created_at', 'l.created_by', ...VERSION])
    .where('l.name', '>', after)
    .$if(name !== null, (select) => select.where('l.name', '=', name ?? ''))
    .where('v.number', '=', (select) =>
      select
        .selectFrom('lineage_version as newest')
        .select(({ fn }) => fn.max('newest.number').as('number'))
        .whereRef('newest.lineage', '=', 'l.name'),
    )
    .orderBy('l.name')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    name: row.name,
    workspace: WorkspaceInput.parse(JSON.parse(row.workspace)),
    createdAt: row.created_at.toISOString(),
    createdBy: Actor.parse(JSON.parse(row.created_by)),
    head: versionOf(row),
  }));
}

const MORE_THAN_ANY = 2 ** 31 - 1;

/** The versions of a lineage before one, newest first. */
export async function lineageVersions(
  pool: Pool,
  { name, before, limit }: { readonly name: string; readonly before?: number | undefined; readonly limit: number },
): Promise<readonly LineageVersion[]> {
  const rows = await database<Tables>(pool, 'lineage-versions')
    .selectFrom('lineage_version as v')
    .select(VERSION)
    .where('v.lineage', '=', name)
    .where('v.number', '<', before ?? MORE_THAN_ANY)
    .orderBy('v.number', 'desc')
    .limit(limit)
    .execute();
  return rows.map(versionOf);
}

/** Whether a tree is, or was, the head of a lineage. */
export async function isVersionOf(pool: Pool, name: string, tree: TreeVersion): Promise<boolean> {
  const row = await database<Tables>(pool, 'is-version-of')
    .selectFrom('lineage_version as v')
    .select('v.number')
    .where('v.lineage', '=', name)
    .where('v.tree', '=', bytesOf(tree))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
