-- Answers of models that a step lets others take over, by the hash of the whole request: who does not ask the very same does
-- not find them. Each kind of worker has its own, so that none puts words into the mouth of another's model.
create table baton.cached_answer (
  queue text not null,
  request_sha256 bytea not null check (octet_length(request_sha256) = 32),
  response json not null,
  -- The command whose answer it was.
  command_id text not null,
  at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (queue, request_sha256)
);
create index cached_answer_expires on baton.cached_answer (expires_at);

-- The answer, if it is no older than the asking step allows. The command is open, and one of whoever asks.
create function baton.cached_answer_of(p_command text, p_request_sha256 bytea, p_ttl_seconds integer)
returns table (response json, command_id text, at timestamptz)
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select a.response, a.command_id, a.at
    from baton.command c
    join baton.cached_answer a on a.queue = c.queue and a.request_sha256 = p_request_sha256
   where c.command_id = p_command and (baton.owns_schema(session_user) or baton.serves(session_user, c.queue))
     and a.expires_at > clock_timestamp() and a.at > clock_timestamp() - make_interval(secs => p_ttl_seconds)
$$;

-- The newest answer stands. What has expired goes, and of more than so many those that would be the next to do so.
create function baton.cache_answer(p_command text, p_request_sha256 bytea, p_response json, p_ttl_seconds integer)
returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare v_queue text;
begin
  select c.queue into v_queue from baton.command c where c.command_id = p_command;
  if not found or v_queue is null then return false; end if;
  if not baton.owns_schema(session_user) and not baton.serves(session_user, v_queue) then
    raise exception 'command % is not one of %', p_command, session_user using errcode = 'insufficient_privilege';
  end if;
  if p_ttl_seconds not between 1 and 2592000 or octet_length(p_response::text) > 262144 then return false; end if;
  insert into baton.cached_answer as a (queue, request_sha256, response, command_id, expires_at)
  values (v_queue, p_request_sha256, p_response, p_command, clock_timestamp() + make_interval(secs => p_ttl_seconds))
  on conflict (queue, request_sha256) do update
     set response = excluded.response, command_id = excluded.command_id, at = clock_timestamp(), expires_at = excluded.expires_at;
  delete from baton.cached_answer where ctid = any (array(
    select a.ctid from baton.cached_answer a where a.expires_at <= clock_timestamp()
    union all
    (select a.ctid from baton.cached_answer a order by a.expires_at desc, a.request_sha256 offset 10000 limit 1000)
  ));
  return true;
end $$;

revoke all on baton.cached_answer from public;
revoke all on function baton.cached_answer_of, baton.cache_answer from public;
grant execute on function baton.cached_answer_of, baton.cache_answer to baton_worker;
