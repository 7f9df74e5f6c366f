-- version: 3
-- Which of these commands nobody waits for any more, and why: `cancelled` with its run, `time-up`, `answered` by another
-- delivery, or `given-up` for any other reason. What a worker may know of the log and no more, so it runs with the rights of
-- its owner. Only the newest events of a run are looked through: a reason further back, or a command that never was, is `given-up`.
-- Through `readable`, since what workers said may hold what operators of Postgres fail on.
create or replace function baton.closed_commands(p_commands text[])
returns table (command_id text, reason text)
language sql stable security definer set search_path = pg_catalog, baton, pg_temp
as $$
  select asked.id,
         case settled.type
           when 'RunCancelled' then 'cancelled'
           when 'TaskTimedOut' then 'time-up'
           when 'TaskSucceeded' then 'answered'
           when 'TaskFailed' then 'answered'
           else 'given-up'
         end
    from unnest(p_commands[1:1000]) as asked(id)
    left join lateral (
      select e.type
        from (select n.version, n.type, n.data from baton.event n
               where n.run_id = left(asked.id, 36)::uuid order by n.version desc limit 200) as e
       where case
               when e.type = 'RunCancelled' then true
               when e.type in ('TaskTimedOut', 'TaskSucceeded', 'TaskFailed') and position(asked.id in e.data::text) > 0
                 then baton.readable(e.data) ->> 'commandId' = asked.id
               else false
             end
       order by e.version desc limit 1
    ) as settled on true
   where not exists (select from baton.command c where c.command_id = asked.id)
$$;
revoke all on function baton.closed_commands from public;
-- A hub says by it why a result was not taken.
grant execute on function baton.closed_commands to baton_worker, baton_hub;
