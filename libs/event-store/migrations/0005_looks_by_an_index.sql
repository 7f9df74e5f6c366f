-- Looks that went through a whole table, where a backlog or a history can be of any length.

-- The run that a request begins: of a submission or a fork. A column, because an operator on `json` fails at every text
-- that holds \u0000, and finds nothing by an index.
alter table baton.inbox add column begins uuid;
-- To the millisecond, like the places in a list that are given to clients.
alter table baton.inbox alter column accepted_at type timestamptz(3);
-- Escapes go first: what they stand for may be something that Postgres cannot hold, and no id needs one.
update baton.inbox i set begins = named.id::uuid
  from (select b.request_id,
               regexp_replace(replace(b.message::text, '\\', ''), '\\u[0-9a-fA-F]{4}', '', 'g')::json
                 ->> (case b.name when 'submit' then 'runId' else 'forkId' end) as id
          from baton.inbox b where b.name in ('submit', 'fork')) named
 where named.request_id = i.request_id and named.id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
create index inbox_begins on baton.inbox (begins) where begins is not null;
create index inbox_newest on baton.inbox (accepted_at desc, begins desc) where begins is not null;

-- Why a run was never begun: asked for by each client that looks for a run which does not exist.
create index dead_letter_run on baton.dead_letter (run_id, id) where run_id is not null;
create index dead_letter_request on baton.dead_letter (request_id, id) where request_id is not null;

-- Open questions to people are few among the commands, and are listed by their number.
create index command_approval on baton.command (seq) where name = 'approval';
