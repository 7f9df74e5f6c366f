-- Ended runs may leave the database for files, and come back from them. What stays here of each is a row and its leaves in the
-- tree, so the log goes on to be one whose every position is accounted for. See docs/archive.md.

-- Whether runs leave at all, and how long they must have ended: said by the owner alone, so that no service that may put runs
-- away can put away what is younger. null: never.
create table baton.archive_rule (
  only_row boolean primary key default true check (only_row),
  after_seconds float8 check (after_seconds >= 0),
  -- How far the log was looked through for runs that ended.
  looked_to bigint not null default 0 check (looked_to >= 0),
  -- Goes up with whatever comes or goes: who counted meanwhile counts again.
  changes bigint not null default 0
);
insert into baton.archive_rule default values;

-- A file, as it was written. cleared_at is null while what is in it has not been taken out of the log yet.
create table baton.archive (
  archive_id uuid primary key default gen_random_uuid(),
  name text not null unique check (name ~ '^[0-9]{4}-[0-9]{2}/[0-9a-f-]+\.jsonl\.gz$'),
  sha256 bytea not null check (octet_length(sha256) = 32),
  bytes bigint not null check (bytes > 0),
  at timestamptz(3) not null default clock_timestamp(),
  cleared_at timestamptz(3)
);
create index archive_to_clear on baton.archive (archive_id) where cleared_at is null;

-- What a stream said, of a run that is in a file.
create table baton.archived_run (
  run_id uuid primary key,
  archive_id uuid not null references baton.archive,
  version int not null,
  first_position bigint not null,
  last_position bigint not null,
  parent_command text,
  created_at timestamptz not null,
  ended_at timestamptz(3) not null,
  -- What a list shows, and a scope asks for.
  about jsonb not null
);
create index archived_run_archive on baton.archived_run (archive_id);
create index archived_run_newest on baton.archived_run (ended_at desc, run_id desc);

-- Runs behind the place up to which the log was looked through, that are to be looked at again: they came back, or could not go.
create table baton.archive_later (
  run_id uuid primary key,
  not_before timestamptz(3) not null,
  why text not null
);
create index archive_later_due on baton.archive_later (not_before);

-- Events change never, and go only where a file has them: whoever may call what deletes them can delete no others.
create function baton.keep_event() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (select from baton.archived_run a where a.run_id = old.run_id) then return old; end if;
  raise exception '% on %.% is forbidden: the log is append-only', tg_op, tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
drop trigger no_change on baton.event;
create trigger no_change before update or delete on baton.event for each row execute function baton.keep_event();

-- Notes that a file has these runs: from here on they are not among those of the log. They have ended, long enough ago, are as
-- they were when the file was written, and all of them is signed. Appends wait meanwhile, so none can take such a run up again.
create function baton.archive_runs(
  p_name text, p_sha256 bytea, p_bytes bigint, p_run uuid[], p_version int[], p_about jsonb[], p_erased uuid[], p_looked_at bigint
) returns uuid language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_after interval := (select r.after_seconds * interval '1 second' from baton.archive_rule r);
  v_signed bigint := (select coalesce(max(c.size), 0) from baton.checkpoint c);
  v_archive uuid;
begin
  if v_after is null then
    raise exception 'nothing is archived here' using errcode = 'BT003';
  end if;
  -- Before the log: whoever brings runs back holds it while views are folded, and no append may wait for that.
  perform from baton.archive_rule for update;
  perform from baton.log for update;
  -- What came since the group was looked at: a fork, which is decided again from its events, or a request that is still to be taken.
  if exists (select from baton.event e cross join unnest(p_run) as q(run)
              where e.position > p_looked_at and e.type = 'RunForked' and e.run_id <> all (p_run)
                and position(q.run::text in e.data::text) > 0)
     or exists (select from baton.inbox b
                 cross join lateral regexp_matches(b.message::text, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') as named(ids)
                 where named.ids[1]::uuid = any (p_run)) then
    raise exception 'somebody asks for something of one of the runs' using errcode = 'BT004';
  end if;
  if exists (
    select from unnest(p_run, p_version) as q(run, version)
     where not exists (select from baton.stream s
                        where s.run_id = q.run and s.version = q.version and s.status = 1 and s.last_position <= v_signed
                          and exists (select from baton.event e
                                       where e.position = s.last_position and e.recorded_at < clock_timestamp() - v_after))
  ) then
    raise exception 'one of the runs may not be archived, or went on meanwhile' using errcode = 'BT004';
  end if;
  -- What was said of somebody must not outlive what was erased: a file from before that is of no use.
  if exists (select from baton.personal_run r join baton.personal_erasure e using (key_id)
              where r.run_id = any (p_run) and r.run_id <> all (p_erased)) then
    raise exception 'data of one of the runs was erased meanwhile' using errcode = 'BT004';
  end if;
  insert into baton.archive (name, sha256, bytes) values (p_name, p_sha256, p_bytes) returning archive_id into v_archive;
  insert into baton.archived_run (run_id, archive_id, version, first_position, last_position, parent_command, created_at, ended_at, about)
    select s.run_id, v_archive, s.version, s.first_position, s.last_position, s.parent_command, s.created_at, e.recorded_at, q.about
      from unnest(p_run, p_about) as q(run, about)
      join baton.stream s on s.run_id = q.run
      join baton.event e on e.position = s.last_position;
  delete from baton.stream s where s.run_id = any (p_run);
  delete from baton.archive_later l where l.run_id = any (p_run);
  update baton.archive_rule set changes = changes + 1;
  return v_archive;
end $$;

-- Takes out of the database what the file has. In a transaction of its own, which no append waits for; all of it or nothing.
create function baton.clear_archived(p_archive uuid) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_runs uuid[];
begin
  perform from baton.archive a where a.archive_id = p_archive and a.cleared_at is null for update;
  if not found then return '{}'; end if;
  v_runs := array(select a.run_id from baton.archived_run a where a.archive_id = p_archive);
  delete from baton.event e using baton.archived_run a
   where a.archive_id = p_archive and e.run_id = a.run_id and e.position between a.first_position and a.last_position;
  delete from baton.llm_journal j where left(j.command_id, 36) = any (v_runs::text[]);
  delete from baton.task_work w where w.run_id = any (v_runs);
  update baton.archive set cleared_at = clock_timestamp() where archive_id = p_archive;
  update baton.archive_rule set changes = changes + 1;
  return v_runs;
end $$;

-- The hash of an event, as the hub makes it (libs/proof/src/event-hash.ts): each field with its length in front.
create function baton.hashed_field(p_text text) returns bytea language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when p_text is null then '\xffffffff'::bytea
         else int4send(octet_length(convert_to(p_text, 'UTF8'))) || convert_to(p_text, 'UTF8') end
$$;
create function baton.event_hash(
  p_run uuid, p_version int, p_type text, p_schema smallint, p_id uuid, p_causation text, p_correlation text, p_at timestamptz,
  p_actor text, p_data text
) returns bytea language sql stable set search_path = pg_catalog, baton, pg_temp as $$
  select sha256('\x00'::bytea || hashed_field(p_run::text) || hashed_field(p_version::text) || hashed_field(p_type)
    || hashed_field(p_schema::text) || hashed_field(p_id::text) || hashed_field(p_causation) || hashed_field(p_correlation)
    || hashed_field(to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) || hashed_field(p_actor) || hashed_field(p_data))
$$;

-- An archive that is about to come back, for one at a time; nothing where it has.
create function baton.begin_restore(p_archive uuid) returns table (name text, sha256 bytea, bytes bigint, cleared boolean)
language sql security definer set search_path = pg_catalog, baton, pg_temp as $$
  select a.name, a.sha256, a.bytes, a.cleared_at is not null from baton.archive a
   where a.archive_id = p_archive and exists (select from baton.archived_run r where r.archive_id = a.archive_id)
     for update
$$;

-- Puts events back that a file has. They come from whoever read the file, and are held against the tree that was signed: what is
-- not, byte for byte, what once stood at its position is refused.
create function baton.restore_events(
  p_archive uuid,
  e_position bigint[], e_run uuid[], e_version int[], e_type text[], e_schema smallint[], e_id uuid[], e_causation text[],
  e_correlation text[], e_at timestamptz[], e_actor text[], e_data text[]
) returns void language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_hashes bytea[];
  v_wrong bigint;
begin
  perform from baton.archive a where a.archive_id = p_archive for update;
  v_hashes := array(
    select event_hash(e.run, e.version, e.type, e.schema, e.id, e.causation, e.correlation, e.at, e.actor, e.data)
      from unnest(e_run, e_version, e_type, e_schema, e_id, e_causation, e_correlation, e_at, e_actor, e_data)
           with ordinality as e(run, version, type, schema, id, causation, correlation, at, actor, data, n) order by e.n);
  select e.position into v_wrong from unnest(e_position, e_run, v_hashes) as e(position, run, hash)
   where not exists (select from baton.archived_run a
                      where a.archive_id = p_archive and a.run_id = e.run and e.position between a.first_position and a.last_position)
      or not exists (select from baton.tree_tile t
                      where t.level = 0 and t.index = (e.position - 1) / 256
                        and substring(t.hashes from (((e.position - 1) % 256) * 32 + 1)::int for 32)
                            = sha256('\x00'::bytea || int8send(e.position) || e.hash))
   limit 1;
  if v_wrong is not null then
    raise exception 'the event at position % is not the one that was signed', v_wrong using errcode = 'BT005';
  end if;
  insert into baton.event (position, run_id, version, type, schema_version, event_id, causation_id, correlation_id,
                           recorded_at, actor, data, leaf_hash)
    select e.position, e.run, e.version, e.type, e.schema, e.id, e.causation, e.correlation, e.at, e.actor::json, e.data::json, e.hash
      from unnest(e_position, e_run, e_version, e_type, e_schema, e_id, e_causation, e_correlation, e_at, e_actor, e_data, v_hashes)
           as e(position, run, version, type, schema, id, causation, correlation, at, actor, data, hash)
  on conflict (position) do nothing;
end $$;

-- What was said to models in runs that come back, and blobs that they name: both are what the events say they are, or are found.
create function baton.restore_journal(p_archive uuid, j_command text[], j_index int[], j_response text[])
returns void language sql security definer set search_path = pg_catalog, baton, pg_temp as $$
  insert into baton.llm_journal (command_id, call_index, response)
    select j.command, j.index, j.response::json from unnest(j_command, j_index, j_response) as j(command, index, response)
     where exists (select from baton.archived_run a where a.archive_id = p_archive and a.run_id::text = left(j.command, 36))
  on conflict do nothing
$$;
create function baton.restore_blob(p_content bytea) returns void
language sql security definer set search_path = pg_catalog, baton, pg_temp as $$
  insert into baton.blob (sha256, size, content) values (sha256(p_content), octet_length(p_content), p_content)
  on conflict (sha256) do nothing
$$;

-- The runs of a file are those of the log again, once all their events are. The file is to be removed then. An archive that was
-- not cleared yet gives back what never left.
create function baton.finish_restore(p_archive uuid, p_again_after interval) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_runs uuid[];
  v_wrong uuid;
begin
  perform from baton.archive a where a.archive_id = p_archive for update;
  v_runs := array(select a.run_id from baton.archived_run a where a.archive_id = p_archive);
  select a.run_id into v_wrong from baton.archived_run a
   where a.archive_id = p_archive
     and a.version <> (select count(*) from baton.event e
                        where e.run_id = a.run_id and e.position between a.first_position and a.last_position)
   limit 1;
  if v_wrong is not null then
    raise exception 'events of run % are missing', v_wrong using errcode = 'BT005';
  end if;
  insert into baton.stream (run_id, version, status, first_position, last_position, created_at, parent_command)
    select a.run_id, a.version, 1, a.first_position, a.last_position, a.created_at, a.parent_command
      from baton.archived_run a where a.archive_id = p_archive;
  delete from baton.archived_run a where a.archive_id = p_archive;
  update baton.archive set cleared_at = coalesce(cleared_at, clock_timestamp()) where archive_id = p_archive;
  insert into baton.archive_later (run_id, not_before, why)
    select r.run, clock_timestamp() + p_again_after, 'it was read back' from unnest(v_runs) as r(run)
  on conflict (run_id) do update set not_before = excluded.not_before, why = excluded.why;
  update baton.archive_rule set changes = changes + 1;
  return v_runs;
end $$;

-- The file is gone: nothing is in it any more.
create function baton.forget_archive(p_archive uuid) returns void
language sql security definer set search_path = pg_catalog, baton, pg_temp as $$
  delete from baton.archive a where a.archive_id = p_archive
     and not exists (select from baton.archived_run r where r.archive_id = a.archive_id)
$$;

create function baton.archive_looked_to(p_position bigint) returns void
language sql security definer set search_path = pg_catalog, baton, pg_temp as $$
  update baton.archive_rule set looked_to = greatest(looked_to, p_position)
$$;

-- What was said to models within a run, by the commands that have a journal.
create function baton.journaled_commands(p_run uuid) returns table (command_id text, entries int)
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select j.command_id, max(j.call_index) + 1 from baton.llm_journal j
   where left(j.command_id, 36) = p_run::text group by j.command_id order by j.command_id
$$;

-- As before, and nothing is erased while a run that holds it is in a file, where journals stand in plain words.
create or replace function baton.erase_personal(p_subject text, p_by json, p_reason text)
returns table (key_id uuid, run_ids uuid[])
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
declare
  v_key uuid;
  v_runs uuid[];
begin
  -- No run is put into a file meanwhile.
  perform from baton.log for update;
  delete from baton.personal_key k where k.subject = p_subject returning k.key_id into v_key;
  if v_key is null then return; end if;
  v_runs := array(select r.run_id from baton.personal_run r where r.key_id = v_key);
  if exists (select from baton.archived_run a where a.run_id = any (v_runs)) then
    raise exception 'a run of it is in an archive' using errcode = 'BT006';
  end if;
  delete from baton.llm_journal j where left(j.command_id, 36) = any (v_runs::text[]);
  delete from baton.cached_answer a where left(a.command_id, 36) = any (v_runs::text[]);
  update baton.dead_letter d set message = '"erased"', accepted = null where d.run_id = any (v_runs::text[]);
  insert into baton.personal_erasure (key_id, by, reason, runs) values (v_key, p_by, p_reason, cardinality(v_runs));
  return query select v_key, v_runs;
end $$;

revoke all on baton.archive_rule, baton.archive, baton.archived_run, baton.archive_later from public;
revoke all on function baton.archive_runs, baton.clear_archived, baton.begin_restore, baton.restore_events, baton.restore_journal, baton.restore_blob,
  baton.finish_restore, baton.forget_archive, baton.archive_looked_to,
  baton.journaled_commands, baton.hashed_field, baton.event_hash from public;
grant select on baton.archive_rule, baton.archive, baton.archived_run to baton_gateway, baton_hub;
grant select, insert, update, delete on baton.archive_later to baton_gateway;
grant execute on function baton.archive_runs, baton.clear_archived, baton.begin_restore, baton.restore_events, baton.restore_journal, baton.restore_blob,
  baton.finish_restore, baton.forget_archive, baton.archive_looked_to, baton.journaled_commands to baton_gateway;
