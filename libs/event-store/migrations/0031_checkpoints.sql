-- One Merkle tree over the positions of the log, and what was signed of it. Everything here follows from the events and from
-- what was published elsewhere: a verification computes it again and believes none of it. See docs/audit.md.

-- What the log is called in its checkpoints. A copy of the database is a copy of the log, and has the same name.
create table baton.log_name (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid()
);
insert into baton.log_name default values;

-- Hashes of nodes, 256 in a row: of level 0 the leaves, one an event; of level n the roots over 256 ** n leaves each. The last
-- row of a level grows. Leaves are kept so that what was changed later is named by its position, not by its neighbourhood.
create table baton.tree_tile (
  level smallint not null check (level >= 0),
  index bigint not null check (index >= 0),
  hashes bytea not null check (octet_length(hashes) % 32 = 0 and octet_length(hashes) between 32 and 8192),
  primary key (level, index)
);
alter table baton.tree_tile alter column hashes set storage external;

create table baton.checkpoint (
  size bigint primary key check (size > 0),
  note text not null,
  at timestamptz(3) not null default clock_timestamp()
);
create trigger no_change before update or delete on baton.checkpoint for each row execute function baton.forbid();
create trigger no_truncate before truncate on baton.checkpoint for each statement execute function baton.forbid();

-- Adds hashes behind those that are there, and a checkpoint of the tree as it then is. Who comes second with the same work is
-- refused, so of two builders one goes on.
create function baton.extend_tree(p_level smallint[], p_index bigint[], p_had int[], p_hashes bytea[], p_size bigint, p_note text)
returns void language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_wrong bigint;
begin
  lock table baton.tree_tile in share row exclusive mode;
  select n.i into v_wrong
    from unnest(p_level, p_index, p_had) as n(l, i, had)
   where n.had <> coalesce((select octet_length(t.hashes) / 32 from baton.tree_tile t where t.level = n.l and t.index = n.i), 0)
   limit 1;
  if found then
    raise exception 'the tree has grown meanwhile' using errcode = 'serialization_failure';
  end if;
  insert into baton.tree_tile as t (level, index, hashes)
    select n.l, n.i, n.hashes from unnest(p_level, p_index, p_hashes) as n(l, i, hashes)
    on conflict (level, index) do update set hashes = t.hashes || excluded.hashes;
  if p_note is not null then
    if p_size <= (select coalesce(max(c.size), 0) from baton.checkpoint c) then
      raise exception 'a checkpoint of % events or more is there', p_size using errcode = 'serialization_failure';
    end if;
    insert into baton.checkpoint (size, note) values (p_size, p_note);
  end if;
end $$;

-- For the audit: every blob and every journal row, page by page. What they hold is compared by whoever reads them.
create function baton.blobs_after(p_after bytea, p_bytes bigint) returns table (sha256 bytea, size int, content bytea)
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select b.sha256, b.size, b.content from baton.blob b
    join (select n.sha256, sum(n.size) over (order by n.sha256) - n.size as before
            from (select q.sha256, q.size from baton.blob q where q.sha256 > p_after order by q.sha256 limit 200) as n) as page using (sha256)
   where page.before < p_bytes
   order by b.sha256
$$;

create function baton.journal_entries(p_command text, p_entries int) returns table (call_index int, response json)
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select j.call_index, j.response from baton.llm_journal j
   where j.command_id = p_command and j.call_index < p_entries order by j.call_index
$$;

-- What a result says of its journal: how many entries it had, and their hash. The rows as they stand here, not as the worker
-- remembers them: of two workers at one task the first to write counts.
create function baton.journal_digest(p_command text) returns table (entries int, sha256 bytea)
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select count(*)::int,
         sha256(string_agg(int4send(j.call_index) || int4send(octet_length(convert_to(j.response::text, 'UTF8')))
                           || convert_to(j.response::text, 'UTF8'), ''::bytea order by j.call_index))
    from baton.llm_journal j
   where j.command_id = p_command
     and (baton.owns_schema(session_user)
          or exists (select from baton.command c where c.command_id = p_command and baton.serves(session_user, c.queue)))
  having count(*) > 0
$$;

revoke all on baton.log_name, baton.tree_tile, baton.checkpoint from public;
revoke all on function baton.extend_tree, baton.blobs_after, baton.journal_entries, baton.journal_digest from public;
grant select on baton.log_name, baton.tree_tile, baton.checkpoint to baton_gateway;
grant execute on function baton.extend_tree, baton.blobs_after, baton.journal_entries to baton_gateway;
grant execute on function baton.journal_digest to baton_worker;
