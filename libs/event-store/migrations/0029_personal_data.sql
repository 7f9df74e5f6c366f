-- What is personal is sealed before it is written: events, commands and snapshots hold ciphertext, and the key of whom it is
-- about stands here. Without the row nobody can read it any more, while every hash of the log stays what it was.
create table baton.personal_key (
  key_id uuid primary key default gen_random_uuid(),
  subject text not null unique check (subject <> '' and length(subject) <= 200),
  key bytea not null check (octet_length(key) = 32),
  created_at timestamptz(3) not null default clock_timestamp()
);

-- The runs that hold something of it: what else was written down of them goes with the key.
create table baton.personal_run (
  key_id uuid not null,
  run_id uuid not null,
  primary key (key_id, run_id)
);
create index personal_run_run on baton.personal_run (run_id);

-- That a key was destroyed, and by whom: not of whom it was.
create table baton.personal_erasure (
  key_id uuid primary key,
  at timestamptz(3) not null default clock_timestamp(),
  by json not null,
  reason text not null,
  runs int not null
);
create trigger no_change before update or delete on baton.personal_erasure for each row execute function baton.forbid();
create trigger no_truncate before truncate on baton.personal_erasure for each statement execute function baton.forbid();

-- What was said to models in a run: the first part of a command's id is that of its run.
create index llm_journal_run on baton.llm_journal (left(command_id, 36));

-- The key of somebody, made where there is none, and the note that a run holds something of him.
create function baton.personal_key_for(p_subject text, p_key bytea, p_run uuid)
returns table (key_id uuid, key bytea)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
begin
  insert into baton.personal_key (subject, key) values (p_subject, p_key) on conflict (subject) do nothing;
  return query
    with found as (select k.key_id, k.key from baton.personal_key k where k.subject = p_subject),
    noted as (insert into baton.personal_run (key_id, run_id) select f.key_id, p_run from found f on conflict do nothing)
    select f.key_id, f.key from found f;
end $$;

-- Destroys the key of somebody, and what of his runs was kept beside the log in plain words.
create function baton.erase_personal(p_subject text, p_by json, p_reason text)
returns table (key_id uuid, run_ids uuid[])
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
declare
  v_key uuid;
  v_runs uuid[];
begin
  delete from baton.personal_key k where k.subject = p_subject returning k.key_id into v_key;
  if v_key is null then return; end if;
  v_runs := array(select r.run_id from baton.personal_run r where r.key_id = v_key);
  delete from baton.llm_journal j where left(j.command_id, 36) = any (v_runs::text[]);
  delete from baton.cached_answer a where left(a.command_id, 36) = any (v_runs::text[]);
  update baton.dead_letter d set message = '"erased"', accepted = null where d.run_id = any (v_runs::text[]);
  insert into baton.personal_erasure (key_id, by, reason, runs) values (v_key, p_by, p_reason, cardinality(v_runs));
  return query select v_key, v_runs;
end $$;

revoke all on baton.personal_key, baton.personal_run, baton.personal_erasure from public;
revoke all on function baton.personal_key_for, baton.erase_personal from public;
grant select on baton.personal_key to baton_hub, baton_gateway;
grant select, insert on baton.personal_run to baton_hub;
grant select on baton.personal_run, baton.personal_erasure to baton_gateway;
grant execute on function baton.personal_key_for to baton_hub;
grant execute on function baton.erase_personal to baton_gateway;
