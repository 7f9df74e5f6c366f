import { INTAKE_QUEUE, POSTGRES_QUEUE_SCHEMA } from '@baton/contracts';
import { LASTING, MOST_TOLD_BYTES, PASSING } from './postgres-tables.js';

/*
 * Who waits to have messages handed over. A message that is put in alone goes to one of them: as taken as by a request, with its
 * lease, and told on the channel of that holder with the commit that puts it in. Every login hears every channel whose name it
 * knows, so the name is drawn at random, and only those see it who take from the queue.
 *
 * Whether the holder can hear is told by a lock: the connection that listens has it, and it is free when that one is gone.
 * Whoever puts something in waits for nobody here, and nobody for him: a holder whose row somebody else has is passed over.
 */

const SCHEMA = POSTGRES_QUEUE_SCHEMA;
/** "BATA": the class of the locks of connections that listen. */
export const ALIVE_LOCKS = 0x42415441;
/** Who wants a message for longer asks for it. */
const LONGEST_LEASE_MS = 600_000;
export const TAKERS = `${SCHEMA}.baton_takers`;

/** No index has what changes with each look, and pages have room: so a row is changed in its place. */
const CREATE_TABLE = `
  create unlogged table if not exists ${TAKERS} (
    queue text collate "C" not null,
    holder uuid not null,
    channel text not null check (channel ~ '^baton>[0-9a-f-]{36}$'),
    alive integer,
    room integer not null default 0 check (room between 0 and 1000000),
    lease_ms integer not null default 0 check (lease_ms between 0 and ${LONGEST_LEASE_MS}),
    until timestamptz not null default '-infinity',
    primary key (queue, holder))
    with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);`;

/**
 * Finds who shall have a message of `p_queue`: sets `v_holder`, null for nobody, `v_channel` and `v_lease`. Chosen first and changed
 * then: in one statement the planner may look for the next holder once for each row, and find another each time. A holder
 * that nobody listens for any more has no room from then on. By the clock, since an append may have waited for the log.
 */
export const FIND_TAKER = `
    select s.holder, s.channel, s.lease_ms, s.alive into v_holder, v_channel, v_lease, v_alive from ${TAKERS} s
     where s.queue = p_queue and s.room > 0 and s.until > clock_timestamp() and s.until < clock_timestamp() + interval '1 minute'
     order by s.room desc limit 1 for update skip locked;
    if v_holder is not null then
      -- Where the lock can be had, or none was named, nobody listens there any more.
      v_gone := pg_try_advisory_xact_lock_shared(${ALIVE_LOCKS}, v_alive) is not false;
      update ${TAKERS} t set room = case when v_gone then 0 else t.room - 1 end
       where t.queue = p_queue and t.holder = v_holder;
      if v_gone then v_holder := null; end if;
    end if;`;

export const TAKER_VARIABLES =
  'v_holder uuid; v_channel text; v_lease integer; v_alive integer; v_gone boolean; v_told text;';

/** As `handedOver` reads it. */
export const told = (id: string, name: string, data: string, counts: string): string =>
  `json_build_array(${id}, ${name}, ${data}, ${counts})::text`;

const handOverOf = (table: string): string => `
    select m.name, m.data, m.priority, m.failures, m.deliveries, m.stalls into v_message from ${table} m
     where m.queue = p_queue and m.job_id = p_job_id and m.holder is null and m.due_at <= statement_timestamp()
       for update skip locked;
    if found then
      if octet_length(v_message.data) <= ${MOST_TOLD_BYTES} then v_told := ${told('p_job_id', 'v_message.name', 'v_message.data', 'v_message.priority, v_message.failures, v_message.deliveries::bigint + 1, v_message.stalls, 0')}; end if;
      if octet_length(v_told) <= ${MOST_TOLD_BYTES} then ${FIND_TAKER} end if;
      if v_holder is not null then
        update ${table} m set holder = v_holder, due_at = clock_timestamp() + v_lease * interval '1 millisecond',
               deliveries = m.deliveries + 1
         where m.queue = p_queue and m.job_id = p_job_id;
      end if;
    end if;`;

const HAND_OVER = `${SCHEMA}.baton_hand_over`;
const PUT_ONE = `${SCHEMA}.baton_put_one`;

const insertInto = (table: string): string => `
    insert into ${table} (queue, job_id, name, data, priority, due_at)
      values (p_queue, p_job_id, p_name, p_data, p_priority, statement_timestamp())
      on conflict (queue, job_id) do nothing;`;

/**
 * To be run by the owner of the schema. A message is put in with the rights of who sends it. Handing over is done with those of the owner:
 * all that can be done by it is to give a message that waits to somebody who waits for it.
 */
export const CREATE_TAKERS = `${CREATE_TABLE}
  create or replace function ${HAND_OVER}(p_queue text, p_job_id text, p_channel text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare v_message record; ${TAKER_VARIABLES}
  begin
    if p_channel not like 'baton %' then
      raise exception 'not a channel of a queue: %', p_channel using errcode = 'check_violation';
    end if;
    if p_queue = '${INTAKE_QUEUE}' then ${handOverOf(LASTING)}
    else ${handOverOf(PASSING)}
    end if;
    if v_holder is null then perform pg_notify(p_channel, ''); else perform pg_notify(v_channel, v_told); end if;
  end $$;
  revoke all on function ${HAND_OVER} from public;
  create or replace function ${PUT_ONE}(
    p_queue text, p_job_id text, p_name text, p_data text, p_priority smallint, p_channel text
  ) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if p_queue = '${INTAKE_QUEUE}' then ${insertInto(LASTING)}
    else ${insertInto(PASSING)}
    end if;
    perform ${HAND_OVER}(p_queue, p_job_id, p_channel);
  end $$;
  revoke all on function ${PUT_ONE} from public;`;

/** What a login that sends needs. */
export const grantPutOne = (role: string): string => `grant execute on function ${PUT_ONE}, ${HAND_OVER} to ${role};`;

/** $1 to $6: queue, id, name, data, priority, and the channel on which to ring where nobody waits. */
export const PUT_ONE_STATEMENT = `select ${PUT_ONE}($1, $2, $3, $4, $5, $6)`;

/** $1: queue, $2: holder, $3: channel, $4: the lock. Rows of those who left without a word go. */
export const REGISTER = `with gone as (
    delete from ${TAKERS} where queue = $1 and holder <> $2 and pg_try_advisory_xact_lock_shared(${ALIVE_LOCKS}, alive) is not false)
  insert into ${TAKERS} (queue, holder, channel, alive) values ($1, $2, $3, $4)
  on conflict (queue, holder) do update set alive = excluded.alive`;

/** $1: queue, $2: holder. */
export const UNREGISTER = `delete from ${TAKERS} where queue = $1 and holder = $2`;

/**
 * Part of a take: says how many more may be handed over. $1: queue, $3: holder, $4: how many were wanted, $5: the lease,
 * $6: for how long, $7: the lock. A row that somebody has in hand is left for the next look.
 */
export const WAIT_FOR_MORE = `waits as (
    update ${TAKERS} t
       set room = case when $5 <= ${LONGEST_LEASE_MS} then least($4, 1000000) - (select count(*) from next)::integer else 0 end, lease_ms = least($5, ${LONGEST_LEASE_MS}), alive = $7::integer,
           until = statement_timestamp() + $6 * interval '1 millisecond'
      from (select holder from ${TAKERS} where queue = $1 and holder = $3 for update skip locked) as mine
     where t.queue = $1 and t.holder = mine.holder)`;
