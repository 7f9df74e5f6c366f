-- What the offline model's own tasks wrote, by the hash of the files: level 2 executes without a sandbox what stands here,
-- and nothing on the word of an argument. Written by whoever serves the command, while it is open, and for its run alone.
create table baton.offline_work (
  run_id uuid not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  command_id text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (run_id, sha256)
);

-- Only the programmer writes code. A command's id begins with that of its run.
create function baton.record_offline_work(p_command text, p_sha256 bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  if not baton.owns_schema(session_user) then
    if not baton.serves(session_user, 'worker-programmer') then
      raise exception '% writes no code', session_user using errcode = 'insufficient_privilege';
    end if;
    if not exists (select from baton.command c where c.command_id = p_command and c.queue = 'worker-programmer') then
      return false;
    end if;
  end if;
  insert into baton.offline_work (run_id, sha256, command_id) values (left(p_command, 36)::uuid, p_sha256, p_command)
    on conflict do nothing;
  return true;
end $$;

create function baton.is_offline_work(p_command text, p_sha256 bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select exists (select from baton.offline_work w where w.run_id = left(p_command, 36)::uuid and w.sha256 = p_sha256)
     and (baton.owns_schema(session_user)
          or exists (select from baton.command c where c.command_id = p_command and baton.serves(session_user, c.queue)))
$$;

revoke all on baton.offline_work from public;
revoke all on function baton.record_offline_work, baton.is_offline_work from public;
grant execute on function baton.record_offline_work, baton.is_offline_work to baton_worker;
