import { createHash } from 'node:crypto';
import {
  INTAKE_QUEUE,
  kindsOf,
  LOGINS,
  type Login,
  laneResultsQueues,
  loginRole,
  POSTGRES_QUEUE_SCHEMA,
  PRODUCER_GROUP,
  resultsQueues,
  SHIPPED_KINDS,
  workerQueue,
} from '@baton/contracts';
import { changePatiently } from '@baton/servers';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { DONE, SENDABLE, SENT_COLUMNS, TAKEN_COLUMNS } from './own/postgres-tables.js';
import { grantPutOne } from './own/postgres-takers.js';
import { MARK_QUEUE } from './postgres-epoch.js';

/*
 * What each login may do to the queues on Postgres. BullMQ keeps all queues in the same tables and lets whoever uses it own
 * them; here the tables belong to the owner of the database, and row level security tells the queues apart: a worker takes
 * from its own queue and adds to those of results, where it sees nothing but what was added under its own login.
 *
 * Owners pass by row level security, so a Baton that works under one user for all is as it was.
 */

const SCHEMA = POSTGRES_QUEUE_SCHEMA;

const ALL_RESULTS = [...resultsQueues(), ...laneResultsQueues()];

/** Tables of BullMQ, with the column that names the queue. */
const TABLES = {
  job: 'queue',
  event: 'queue',
  meta: 'queue',
  job_log: 'queue',
  job_dependency: 'parent_queue',
  metrics: 'queue',
  rate_limit: 'queue',
  dedup: 'queue',
  dedup_next: 'queue',
  scheduler: 'queue',
  baton_lasting: 'queue',
  baton_passing: 'queue',
  baton_done: 'queue',
  baton_takers: 'queue',
} as const;
type Table = keyof typeof TABLES;

/** Of Baton's own processes: written to by columns, so that a sender says nothing that is for whoever takes messages to say. */
const OWN: readonly Table[] = ['baton_lasting', 'baton_passing'];
/** Those whose rows also say who added them. */
const SIGNED: readonly Table[] = ['job', 'event', ...OWN];

/** Of BullMQ's functions those that no service of Baton needs: they clear, hold or reorder queues, or send aside of them. */
const CLOSED =
  /^(relay_.*|obliterate|drain|clean|pause|retry_jobs|promote|promote_jobs|reprocess_job|change_delay|change_priority|add_job_scheduler|update_job_scheduler_next_millis|remove_job_scheduler|remove)$/
    .source;

/** What BullMQ writes about a queue when it is opened. The number is read as one at each job that is added. */
const META = `(field = 'version' or (field = 'opts.maxLenEvents' and value ~ '^[0-9]{1,6}$'))`;
/** And what its consumers write, when they last looked for messages whose holder is gone. */
const CHECKED = `(field = 'stalled-check' and value ~ '^[0-9]{1,15}$')`;

interface Rights {
  /** As conditions on a column: whose jobs it takes, and to which it adds. */
  readonly takes: (column: string) => string;
  readonly adds: (column: string) => string;
  readonly opens: (column: string) => string;
  readonly reads: (column: string) => string;
}

const isOneOf = (column: string, queues: readonly string[]): string =>
  `${column} = any (array[${queues.map(escapeLiteral).join(', ')}])`;
const never = (): string => 'false';
const always = (): string => 'true';

function rightsOf(login: Login): Rights {
  if (login === 'orchestrator') return { takes: always, adds: always, opens: always, reads: always };
  if (login === 'gateway') {
    const adds = (column: string): string => isOneOf(column, [INTAKE_QUEUE, MARK_QUEUE]);
    return { takes: never, adds, opens: always, reads: always };
  }
  const isUsers = login === 'worker';
  const takes = (column: string): string =>
    login === 'worker'
      ? `(${column} like 'worker-%' and not ${isOneOf(column, SHIPPED_KINDS.map(workerQueue))})`
      : isOneOf(column, kindsOf(login).map(workerQueue));
  const adds = (column: string): string => isOneOf(column, [...ALL_RESULTS, ...(isUsers ? [INTAKE_QUEUE] : [])]);
  return { takes, adds, opens: (column) => `(${takes(column)} or ${adds(column)})`, reads: never };
}

function policiesOf(login: Login, table: Table): readonly string[] {
  const column = TABLES[table];
  const { takes, adds, opens, reads: mayRead } = rightsOf(login);
  // Whoever knows the channel of a holder can say anything to it.
  const reads = table === 'baton_takers' ? never : mayRead;
  const own = takes(column);
  const isMeta = table === 'meta';
  const isSigned = SIGNED.includes(table);
  const added = isSigned ? `(${adds(column)} and baton_added_by = current_user)` : 'false';
  const seen = isMeta ? opens(column) : `(${own} or ${added})`;
  const sent = OWN.includes(table) ? `(${seen} and ${SENDABLE})` : seen;
  const written = isMeta ? `(${opens(column)} and ${META} or ${own} and ${CHECKED})` : sent;
  const change = isMeta ? written : own;
  const policy = (command: string, clauses: string): string =>
    `create policy ${escapeIdentifier(`${loginRole(login)}_${command}`)} on ${SCHEMA}.${table}
       for ${command} to ${loginRole(login)} ${clauses};`;
  return [
    policy('select', `using (${reads(column)} or ${seen})`),
    policy('insert', `with check (${written})`),
    policy('update', `using (${isMeta ? opens(column) : change}) with check (${change})`),
    ...(isMeta ? [] : [policy('delete', `using (${own})`)]),
  ];
}

const OWN_TABLES = OWN.map((table) => `${SCHEMA}.${table}`).join(', ');

const privilegesOf = (login: Login): string =>
  login === 'gateway'
    ? `grant select on all tables in schema ${SCHEMA} to ${loginRole(login)};
       grant insert on ${SCHEMA}.job, ${SCHEMA}.event to ${loginRole(login)};
       grant insert (${SENT_COLUMNS}) on ${OWN_TABLES} to ${loginRole(login)};
       grant insert, update on ${SCHEMA}.meta, ${SCHEMA}.baton_epoch to ${loginRole(login)};`
    : `grant select on ${SCHEMA}.migration, ${SCHEMA}.baton_epoch to ${loginRole(login)};
       grant select, insert, update, delete on ${Object.keys(TABLES)
         .filter((table) => !['meta', 'scheduler', 'baton_done', ...OWN].includes(table))
         .map((table) => `${SCHEMA}.${table}`)
         .join(', ')} to ${loginRole(login)};
       grant select, delete, insert (${SENT_COLUMNS}), update (${TAKEN_COLUMNS}) on ${OWN_TABLES} to ${loginRole(login)};
       grant select, delete, insert (queue, count) on ${DONE} to ${loginRole(login)};
       grant select on ${SCHEMA}.scheduler to ${loginRole(login)};
       grant select, insert, update on ${SCHEMA}.meta to ${loginRole(login)};
       ${login === 'orchestrator' ? `grant insert, update on ${SCHEMA}.baton_epoch to ${loginRole(login)};` : ''}`;

/**
 * BullMQ numbers jobs by a sequence of each queue, and makes it when the first job is added in bulk or without an id. A
 * login makes nothing here, so this does: for the queues that a hub sends tasks to.
 */
export const NUMBER_QUEUE = `
  create or replace function ${SCHEMA}.baton_number_queue(p_queue text) returns void
  language plpgsql security definer set search_path = pg_catalog, ${SCHEMA}, pg_temp as $$
  declare v_name text := ${SCHEMA}.job_id_seq_name(p_queue); v_role name;
  begin
    if to_regclass('${SCHEMA}.' || v_name) is not null then return; end if;
    execute format('create sequence if not exists ${SCHEMA}.%I', v_name);
    for v_role in select rolname from pg_roles where rolname like 'baton\\_login\\_%' loop
      execute format('grant usage on sequence ${SCHEMA}.%I to %I', v_name, v_role);
    end loop;
  end $$;`;

const wholeOf = (logins: readonly Login[]): string => `
  revoke all on all tables in schema ${SCHEMA} from public;
  revoke all on all functions in schema ${SCHEMA} from public;
  revoke all on function ${SCHEMA}.baton_number_queue from public;
  ${SIGNED.map(
    (table) => `alter table ${SCHEMA}.${table} add column if not exists baton_added_by name default current_user;`,
  ).join('\n')}
  ${Object.keys(TABLES)
    .map((table) => `alter table ${SCHEMA}.${table} enable row level security;`)
    .join('\n')}
  do $$ declare v_policy record; begin
    for v_policy in select polname, polrelid::regclass as relation from pg_policy p join pg_class c on c.oid = p.polrelid
                     where c.relnamespace = '${SCHEMA}'::regnamespace and polname like 'baton\\_login\\_%' loop
      execute format('drop policy %I on %s', v_policy.polname, v_policy.relation);
    end loop;
  end $$;
  ${[INTAKE_QUEUE, ...ALL_RESULTS].map((queue) => `select ${SCHEMA}.baton_number_queue(${escapeLiteral(queue)});`).join('\n')}
  ${logins.map(rightsTextOf).join('\n')}`;

const rightsTextOf = (login: Login): string => {
  const role = loginRole(login);
  return `
  revoke all on all tables in schema ${SCHEMA} from ${role};
  revoke all on all functions in schema ${SCHEMA} from ${role};
  grant usage on schema ${SCHEMA} to ${role};
  grant usage on all sequences in schema ${SCHEMA} to ${role};
  ${privilegesOf(login)}
  do $$ declare v_function regprocedure; begin
    for v_function in select oid::regprocedure from pg_proc
                       where pronamespace = '${SCHEMA}'::regnamespace and proname not like 'baton\\_%'
                         and proname !~ ${escapeLiteral(CLOSED)} loop
      execute format('grant execute on function %s to ${role}', v_function);
    end loop;
  end $$;
  ${login === 'orchestrator' ? `grant execute on function ${SCHEMA}.baton_number_queue to ${role};` : ''}
  ${grantPutOne(role)}
  ${(Object.keys(TABLES) as Table[]).flatMap((table) => policiesOf(login, table)).join('\n')}`;
};

/** What `Queue.add` of BullMQ calls. */
const ADDING =
  /^(add_job|add_job_unlocked|add_jobs_bulk|add_jobs_bulk_unlocked|lock_producer_queues|next_job_id|job_id_seq_name|handle_duplicated_job|publish_event)$/
    .source;

/**
 * Producers outside add to intake and do nothing else: they see what they have added, and change nothing, not even that. A row
 * of `job` has the login that added it.
 */
const producerRights = (): string => {
  const isIntake = `queue = ${escapeLiteral(INTAKE_QUEUE)}`;
  const isTheirs = `${isIntake} and baton_added_by = current_user`;
  const policy = (table: string, command: string, clauses: string): string =>
    `create policy baton_login_producers_${command} on ${SCHEMA}.${table} for ${command} to ${PRODUCER_GROUP} ${clauses};`;
  return `
  revoke all on all tables in schema ${SCHEMA} from ${PRODUCER_GROUP};
  revoke all on all functions in schema ${SCHEMA} from ${PRODUCER_GROUP};
  revoke all on all sequences in schema ${SCHEMA} from ${PRODUCER_GROUP};
  grant usage on schema ${SCHEMA} to ${PRODUCER_GROUP};
  grant select on ${SCHEMA}.migration, ${SCHEMA}.job, ${SCHEMA}.event, ${SCHEMA}.meta to ${PRODUCER_GROUP};
  grant insert on ${SCHEMA}.job, ${SCHEMA}.event to ${PRODUCER_GROUP};
  do $$ declare v_name text; begin
    for v_name in select pg_get_serial_sequence('${SCHEMA}.event', 'id') union select '${SCHEMA}.job_seq'
                   union select '${SCHEMA}.event_seq'
                   union select '${SCHEMA}.' || ${SCHEMA}.job_id_seq_name(${escapeLiteral(INTAKE_QUEUE)}) loop
      if v_name is not null and to_regclass(v_name) is not null then
        execute format('grant usage on sequence %s to ${PRODUCER_GROUP}', to_regclass(v_name));
      end if;
    end loop;
    for v_name in select oid::regprocedure::text from pg_proc
                   where pronamespace = '${SCHEMA}'::regnamespace and proname ~ ${escapeLiteral(ADDING)} loop
      execute format('grant execute on function %s to ${PRODUCER_GROUP}', v_name);
    end loop;
  end $$;
  ${policy('job', 'select', `using (${isTheirs})`)}
  ${policy('job', 'insert', `with check (${isTheirs})`)}
  ${policy('event', 'select', `using (${isTheirs})`)}
  ${policy('event', 'insert', `with check (${isTheirs})`)}
  ${policy('meta', 'select', `using (${isIntake})`)}`;
};

/**
 * Gives the logins that exist their rights on the queues; nothing where none does, or where it was done before for the same
 * logins and tables. To be called by the owner of the tables, with other callers locked out.
 *
 * @throws BatonError `migration-held-up`
 */
export async function grantQueueRights(client: Client, patienceMs?: number): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'select rolname as name from pg_roles where rolname = any($1)',
    [[...LOGINS.map(loginRole), PRODUCER_GROUP]],
  );
  const existing = new Set(rows.map(({ name }) => name));
  const hasProducers = existing.has(PRODUCER_GROUP);
  const logins = LOGINS.filter((login) => existing.has(loginRole(login)));
  if (logins.length === 0 && !hasProducers) return;
  const text = `${wholeOf(logins)}${hasProducers ? producerRights() : ''}`;
  const { rows: versions } = await client.query<{ version: number; mark: string | null }>(
    `select max(version)::int as version, obj_description('${SCHEMA}'::regnamespace) as mark from ${SCHEMA}.migration`,
  );
  const mark = `baton rights ${createHash('sha256').update(`${versions[0]?.version}\n${text}`).digest('hex')}`;
  if (versions[0]?.mark === mark) return;
  await changePatiently(client, { what: 'The rights on the queues', patienceMs }, () =>
    client.query(`${text} comment on schema ${SCHEMA} is ${escapeLiteral(mark)};`),
  );
}
