-- version: 1
-- One step of the search for blobs that nothing names, and of their removal. However often it is called and by whom, it begins no
-- more than once a day, and removes only what nothing named and was put last so many days ago, two at least.
--   idle    nothing is under way
--   rows    each table is read once, in the order of its keys, the log last: what it names is marked
--   sealed  a service that has the keys tells what sealed values name, through mark_sealed
--   blobs   what marked blobs name in turn is marked: a tree names its files
--   sweep   all blobs are gone through: what is not marked, and old enough, is removed
-- What begins to be named meanwhile was put or held shortly before, or stood already in a row that is read later or stays. A
-- task that is out may name what it put at any time since it was sent: so nothing is removed that was put since the oldest one.
-- A step is a transaction of its own, with a bound on what it reads: a kill loses the step.
create or replace function baton.sweep_blobs(p_days int)
returns table (phase text, sealed_after uuid, read_bytes bigint, removed bigint, removed_bytes bigint)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
declare
  v_rows constant int := 1000;
  v_bytes constant bigint := 2 * 1024 * 1024;
  v_most_removed constant bigint := 32 * 1024 * 1024;
  s baton.blob_sweep;
  v_sources text[] := array(select b.name from baton.blob_sources() b);
  v_read record;
  v_mark bytea;
  v_blob record;
  v_step bigint := 0;
  v_seen int := 0;
begin
  if p_days is null or p_days < 2 then
    raise exception 'a blob is kept two days at least after it was put' using errcode = 'invalid_parameter_value';
  end if;
  select * into strict s from baton.blob_sweep for update;
  if s.phase <> 'idle' and s.sources <> v_sources then
    s.phase := 'idle';
    s.ended_at := null;
  end if;

  if s.phase = 'idle' then
    if s.ended_at is null or s.ended_at < clock_timestamp() - interval '23 hours' then
      truncate baton.blob_mark;
      s.phase := 'rows';
      s.sources := v_sources;
      s.source := v_sources[1];
      s.after := null;
      s.began_at := clock_timestamp();
      s.ended_at := null;
      s.read_bytes := 0;
      s.removed := 0;
      s.removed_bytes := 0;
      -- A put makes young only what is older than a day: hence a day more for what tasks put.
      s.cutoff := least(
        clock_timestamp() - make_interval(days => p_days),
        (select min(greatest(c.created_at, c.not_before)) - interval '25 hours' from baton.command c
          where c.queue is not null and coalesce(c.not_before, c.created_at) <= clock_timestamp()));
    end if;

  elsif s.phase = 'rows' then
    while s.phase = 'rows' and v_seen < v_rows and v_step < v_bytes loop
      select * into strict v_read from baton.mark_rows(s.source, s.after, v_rows - v_seen, v_bytes - v_step);
      v_seen := v_seen + v_read.rows;
      v_step := v_step + v_read.bytes;
      s.after := v_read.last;
      if v_read.rows = 0 then
        s.source := v_sources[array_position(v_sources, s.source) + 1];
        if s.source is null then s.phase := 'sealed'; end if;
      end if;
    end loop;
    s.read_bytes := s.read_bytes + v_step;

  elsif s.phase = 'blobs' then
    while v_step < 4 * v_bytes and v_seen < v_rows loop
      select m.sha256 into v_mark from baton.blob_mark m where not m.is_read limit 1;
      exit when not found;
      v_step := v_step + baton.mark_named_in(v_mark);
      v_seen := v_seen + 1;
    end loop;
    s.read_bytes := s.read_bytes + v_step;
    if v_mark is null then
      s.phase := 'sweep';
      s.after := null;
    end if;

  elsif s.phase = 'sweep' then
    for v_blob in
      select b.sha256, b.size, b.at < s.cutoff and not exists (select from baton.blob_mark m where m.sha256 = b.sha256) as is_lost
        from baton.blob b where b.sha256 > coalesce(decode(s.after[1], 'hex'), ''::bytea) order by b.sha256 limit v_rows
    loop
      v_seen := v_seen + 1;
      s.after := array[encode(v_blob.sha256, 'hex')];
      continue when not v_blob.is_lost;
      -- Looked at once more under its lock: who puts it right now makes it young. Who holds it already is not waited for.
      delete from baton.blob b
       where b.sha256 = (select l.sha256 from baton.blob l where l.sha256 = v_blob.sha256 and l.at < s.cutoff for update skip locked)
         and not exists (select from baton.lineage_version v where v.tree = b.sha256);
      if found then
        s.removed := s.removed + 1;
        s.removed_bytes := s.removed_bytes + v_blob.size;
        v_step := v_step + v_blob.size;
      end if;
      exit when v_step >= v_most_removed;
    end loop;
    if v_seen = 0 then
      truncate baton.blob_mark;
      s.phase := 'idle';
      s.after := null;
      s.ended_at := clock_timestamp();
    end if;
  end if;

  update baton.blob_sweep w
     set phase = s.phase, sources = s.sources, source = s.source, after = s.after, cutoff = s.cutoff, began_at = s.began_at,
         ended_at = s.ended_at, read_bytes = s.read_bytes, removed = s.removed, removed_bytes = s.removed_bytes;
  return query select s.phase, case when s.phase = 'sealed' then (s.after)[1]::uuid end, s.read_bytes, s.removed, s.removed_bytes;
end $$;
revoke all on function baton.sweep_blobs from public;
grant execute on function baton.sweep_blobs to baton_gateway;
