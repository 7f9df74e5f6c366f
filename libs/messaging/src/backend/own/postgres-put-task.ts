import { type Alongside, POSTGRES_QUEUE_SCHEMA } from '@baton/contracts';
import type { NewMessage } from '../backend.js';
import { channelOf, MOST_DATA_BYTES, MOST_TOLD_BYTES, PASSING } from './postgres-tables.js';
import { FIND_TAKER, TAKER_VARIABLES, told } from './postgres-takers.js';

/*
 * Puts one task into its queue as part of another transaction: that which issues it. So a hub needs no request of its own for
 * it, and there is no moment in which the task is issued and not sent.
 */

const FN = `${POSTGRES_QUEUE_SCHEMA}.baton_put_task`;
const TAKES = 'text, text, text, text, smallint, text';
const HUB = 'baton_hub';

/** To be run by the owner of the schema, after `CREATE_TAKERS`. Only hubs may call it, and only tasks go in. */
export const CREATE_PUT_TASK = `
  create or replace function ${FN}(
    p_queue text, p_job_id text, p_name text, p_data text, p_priority smallint, p_channel text
  ) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare ${TAKER_VARIABLES}
  begin
    if p_queue not like 'worker-%' or octet_length(p_data) > ${MOST_DATA_BYTES} or p_channel not like 'baton %' then
      raise exception 'not a task: %', p_queue using errcode = 'check_violation';
    end if;
    if octet_length(p_data) <= ${MOST_TOLD_BYTES} then v_told := ${told('p_job_id', 'p_name', 'p_data', 'p_priority, 0, 1, 0, 0')}; end if;
    if octet_length(v_told) <= ${MOST_TOLD_BYTES} then ${FIND_TAKER} end if;
    insert into ${PASSING} (queue, job_id, name, data, priority, due_at, holder, deliveries)
      values (p_queue, p_job_id, p_name, p_data, p_priority,
              case when v_holder is null then statement_timestamp() else clock_timestamp() + v_lease * interval '1 millisecond' end, v_holder,
              case when v_holder is null then 0 else 1 end)
      on conflict (queue, job_id) do nothing;
    if not found or v_holder is null then perform pg_notify(p_channel, ''); else perform pg_notify(v_channel, v_told); end if;
  end $$;
  revoke all on function ${FN} from public;
  do $$ begin
    if exists (select from pg_roles where rolname = '${HUB}') then
      grant usage on schema ${POSTGRES_QUEUE_SCHEMA} to ${HUB};
      grant execute on function ${FN} to ${HUB};
    end if;
  end $$;`;

/** Whether a hub may: not where the queues were prepared before its role was made. */
export const MAY_PUT_TASK = `select case when to_regprocedure('${FN}(${TAKES})') is null then false
  else has_function_privilege('${HUB}', '${FN}(${TAKES})', 'execute') end as may
  from pg_roles where rolname = '${HUB}'`;

/** @param message due at once */
export const taskAlongside = (queue: string, { jobId, name, data, priority }: NewMessage): Alongside => ({
  fn: FN,
  values: [queue, jobId, name, data, priority, channelOf(queue)],
});
