import { LOGINS, type Login, loginRole, POSTGRES_QUEUE_SCHEMA } from '@baton/contracts';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  createDatabaseWithLogins,
  type DatabaseWithLogins,
  FORBIDDEN,
  outcomeOf,
} from './testing/database-with-logins.js';
import { TELLS, TOLD, VIEWS } from './testing/view-tables.js';

let database: DatabaseWithLogins;
beforeAll(async () => {
  database = await createDatabaseWithLogins(inject('postgresUrl'));
});
afterAll(() => database?.drop());

const HUB = 'orchestrator';

/** What the work of a login needs, and nothing else: `table: privileges`; (c) means some columns. */
const LOG = {
  event: 'S',
  document: 'S',
  stream: 'S',
  command: 'S',
  request: 'S',
  lane: 'S',
  log: 'S',
  schema_version: 'S',
  log_name: 'S',
  log_shard: 'S',
};
const LIMITS = { limits: 'S', place: 'S', place_key: 'S' };
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hub: {
    ...LOG,
    stream: 'Su',
    command: 'Su',
    ...{ ...LIMITS, inbox: 'SD', waiting_run: 'SuD' },
    dead_letter: 'SIu',
    workflow: 'S',
    workflow_change: 'S',
    ...{ ...TELLS, webhook: 'Su', webhook_attempt: 'SI', webhook_cursor: 'SU', webhook_delivery: 'SIUD' },
    queue_key: 'S',
    suspect: 'SIUD',
    worker: 'S',
    task_work: 'S',
    workflow_withdrawal: 'S',
    ...{ lineage: 'S', lineage_version: 'S', schedule: 'S', schedule_firing: 'S' },
    ...{ personal_key: 'S', personal_run: 'SI', producer: 'S' },
    ...{ archive_rule: 'S', archive: 'S', archived_run: 'S', log_loss: 'Si', run_view_cursor: 'S' },
  },
  gateway: {
    ...LOG,
    ...{ ...LIMITS, inbox: 'SI', waiting_run: 'S', model_call: 'S', log_loss: 'S', hook: 'SID' },
    dead_letter: 'Su',
    workflow: 'SI',
    workflow_change: 'S',
    api_key: 'SIu',
    accepted_request: 'SI',
    ...VIEWS,
    run_view: 'SIUD',
    run_view_cursor: 'SU',
    ...{ ...TOLD, webhook: 'SIuD', webhook_attempt: 'SI', webhook_delivery: 'SIU' },
    worker: 'S',
    task_work: 'S',
    workflow_withdrawal: 'SI',
    lineage: 'S',
    lineage_version: 'S',
    template_set: 'S',
    template_version: 'S',
    access_log: 'S',
    access_head: 'S',
    access_anchor: 'S',
    blob_sweep: 'S',
    kept_answer: 'SID',
    web_session: 'SIuD',
    sign_in_code: 'SID',
    ...{ archive_rule: 'S', archive: 'S', archived_run: 'S' },
    archive_later: 'SIUD',
    ...{ producer: 'S', checkpoint: 'S', tree_tile: 'S' },
    personal_erasure: 'S',
    personal_key: 'S',
    personal_run: 'S',
    ...{ schedule: 'SIuD', schedule_firing: 'SI' },
  },
  worker: { schema_version: 'S', dead_letter: 'i' },
};
const QUEUE_TABLES = ['job', 'event', 'job_log', 'job_dependency', 'metrics', 'rate_limit', 'dedup', 'dedup_next'];
/** By columns: a sender says what a message is, and whoever takes it what became of it. */
const ownTables = (letters: string) => ({ baton_lasting: letters, baton_passing: letters });
const AT_WORK = {
  ...Object.fromEntries(QUEUE_TABLES.map((table) => [table, 'SIUD'])),
  ...ownTables('SiuD'),
  ...{ baton_takers: 'SIUD', baton_done: 'SiD', meta: 'SIU', scheduler: 'S', migration: 'S' },
};
const QUEUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hub: { ...AT_WORK, baton_epoch: 'SIU' },
  gateway: { job: 'SI', event: 'SI', ...ownTables('Si'), meta: 'SIU', baton_epoch: 'SIU', '*': 'S' },
  worker: { ...AT_WORK, baton_epoch: 'S' },
};
const kindOf = (login: Login): string => (login === HUB ? 'hub' : login === 'gateway' ? 'gateway' : 'worker');

const PRIVILEGES = { S: 'SELECT', I: 'INSERT', U: 'UPDATE', D: 'DELETE', T: 'TRUNCATE', R: 'REFERENCES', G: 'TRIGGER' };

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
}

/** Every table of every schema but the server's own, with a column to write to. */
const tables = async (): Promise<readonly Table[]> =>
  (
    await database.owner.query(
      `select n.nspname as schema, c.relname as name, (select quote_ident(a.attname) from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = '' order by a.attnum limit 1) as column
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information_schema)' order by 1, 2`,
    )
  ).rows;

const statementFor = (privilege: string, table: string, column: string): string =>
  ({
    SELECT: `select ${column} from ${table} limit 0`,
    INSERT: `insert into ${table} default values`,
    UPDATE: `update ${table} set ${column} = ${column} where false`,
    DELETE: `delete from ${table} where false`,
    TRUNCATE: `truncate ${table}`,
    REFERENCES: `create table baton.mine (x int references ${table})`,
    TRIGGER: `create trigger mine before insert on ${table} for each row execute function baton.forbid()`,
  })[privilege] ?? 'broken';

describe.each(LOGINS)('the login of %s', (login) => {
  const expectedOn = (schema: string, table: string): string => {
    const kind = kindOf(login);
    const of = schema === 'baton' ? EXPECTED[kind] : schema === POSTGRES_QUEUE_SCHEMA ? QUEUES[kind] : undefined;
    return of?.[table] ?? of?.['*'] ?? '';
  };

  /** What is otherwise than it should be with one privilege on one table. */
  async function differenceOf(client: Client, table: Table, letter: string, privilege: string): Promise<string[]> {
    const name = `${table.schema}.${table.name}`;
    const expected = expectedOn(table.schema, table.name);
    const { rows } = await client.query('select has_table_privilege($1, $2) as yes', [name, privilege]);
    const isGranted: unknown = rows[0].yes;
    if (isGranted !== expected.includes(letter)) return [`${privilege} on ${name} is granted: ${isGranted}`];
    if (isGranted || expected.includes(letter.toLowerCase())) return [];
    const code = await outcomeOf(client, statementFor(privilege, name, table.column));
    return code === FORBIDDEN ? [] : [`${privilege} on ${name}: ${code}`];
  }

  test('has on each table what its work needs, and is refused everything else', async () => {
    const wrong = await database.as(login, async (client) => {
      const found: string[] = [];
      for (const table of await tables())
        for (const [letter, privilege] of Object.entries(PRIVILEGES))
          found.push(...(await differenceOf(client, table, letter, privilege)));
      return found;
    });
    expect(wrong).toEqual([]);
  });

  test('may call the functions of its work, and no other', async () => {
    const { rows } = await database.owner.query<{ name: string; schema: string; may: boolean }>(
      // The function of a trigger is called by nobody, whoever has the right to.
      `select n.nspname as schema, p.proname as name, has_function_privilege($1, p.oid, 'execute') as may
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('baton', 'bullmq') and p.prorettype <> 'trigger'::regtype`,
      [loginRole(login)],
    );
    const allowed = rows.filter(({ may }) => may);
    expect(
      allowed
        .filter(({ schema }) => schema === 'baton')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      {
        hub: [
          'announce_worker',
          'append_batch',
          'claim_lane',
          'closed_commands',
          'fire_schedule',
          'get_blob',
          'is_drain_wanted',
          'land_version',
          'line_up',
          'name_documents',
          'personal_key_for',
          'publish_composed',
          'put_blob',
          'renew_lane',
          'save_dispatched',
          'task_by_token',
        ],
        gateway: [
          'archive_looked_to',
          'archive_runs',
          'begin_restore',
          'blobs_after',
          'clear_archived',
          'create_lineage',
          'drain_worker',
          'erase_personal',
          'extend_tree',
          'finish_restore',
          'forget_archive',
          'get_blob',
          'hold_blobs',
          'journal_entries',
          'journal_of',
          'journaled_commands',
          'mark_sealed',
          'missing_blobs',
          'missing_of_trees',
          'model_time',
          'note_access',
          'place_keys',
          'prune_accepted_requests',
          'prune_access_log',
          'prune_dead_letters',
          'prune_requests',
          'prune_side_rows',
          'put_upload',
          'readable',
          'restore_blob',
          'restore_events',
          'restore_journal',
          'sweep_blobs',
          'task_by_token',
        ],
        worker: [
          'announce_worker',
          'approval_given',
          'begin_deployment',
          'cache_answer',
          'cached_answer_of',
          'closed_commands',
          'delete_graph_thread',
          'end_deployment',
          'end_model_call',
          'get_blob',
          ...['graph_checkpoints', 'graph_writes'],
          'is_drain_wanted',
          'is_offline_work',
          'journal_before',
          'journal_digest',
          'journal_read',
          'journal_write',
          'model_call_goes_on',
          'model_turn',
          'put_blob',
          ...['put_graph_checkpoint', 'put_graph_writes'],
          'record_offline_work',
          'refuse_worker',
          'tell_templates',
          'workers_before',
        ],
      }[kindOf(login)],
    );
    const queues = allowed.filter(({ schema }) => schema === 'bullmq').map(({ name }) => name);
    expect(
      queues.filter((name) => /^(relay_|obliterate|drain|clean|pause|remove$|retry_jobs|promote)/.test(name)),
    ).toEqual([]);
    for (const name of ['baton_number_queue', 'baton_put_task']) expect(queues.includes(name)).toBe(login === HUB);
  });

  test('gains nothing by SET ROLE, RESET ROLE, or by what it could make or change', async () => {
    await database.as(login, async (client) => {
      for (const statement of ['reset role', 'reset session authorization']) await client.query(statement);
      const { rows } = await client.query(
        `select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as powerful from pg_roles where rolname = current_user`,
      );
      expect(rows[0].powerful).toBe(false);
      const refused = [
        'set role postgres',
        'set session authorization postgres',
        ...LOGINS.filter((other) => other !== login).map((other) => `set role ${loginRole(other)}`),
        `grant baton_hub to ${login === HUB ? 'baton_gateway' : loginRole(login)}`,
        'create schema mine',
        'create table baton.mine (x int)',
        'create table bullmq.mine (x int)',
        'create table public.mine (x int)',
        'create function bullmq.mine() returns int language sql as $$ select 1 $$',
        'alter table bullmq.job disable row level security',
        'alter table baton.event disable trigger all',
        'drop table bullmq.job',
        'drop policy if exists baton_login_planner_select on bullmq.job',
        'create role mine',
        `alter role postgres password 'x'`,
        `copy baton.schema_version to '/tmp/out'`,
        `select pg_read_file('/etc/passwd')`,
        `select * from pg_authid`,
        `select lo_import('/etc/passwd')`,
        `create extension dblink`,
      ];
      for (const statement of refused) {
        expect([statement, await outcomeOf(client, statement)]).toEqual([statement, FORBIDDEN]);
      }
    });
  });
});
