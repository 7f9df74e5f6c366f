-- What nobody needs any more goes by rule, little by little. See docs/adr/0056-what-is-kept-is-what-is-named.md.

-- A blob is kept for as long as anything names it, and for some days after it was last put: it is put before what names it is
-- written. So who puts it again makes it young, whatever the way it is put; at most once a day, so that this costs nothing.
create function baton.note_blob_put() returns trigger language plpgsql set search_path = pg_catalog, baton, pg_temp as $$
begin
  update baton.blob b set at = clock_timestamp() where b.sha256 = new.sha256 and b.at < clock_timestamp() - interval '1 day';
  return new;
end $$;
create trigger put_again before insert on baton.blob for each row execute function baton.note_blob_put();
-- Who deletes a blob has this asked for each.
create index lineage_version_blob on baton.lineage_version (tree);

-- Where the search for blobs that nothing names stands; baton.sweep_blobs says what the phases are.
create table baton.blob_sweep (
  only_row boolean primary key default true check (only_row),
  phase text not null default 'idle' check (phase in ('idle', 'rows', 'sealed', 'blobs', 'sweep')),
  -- The tables that are read, in their order: where that changes meanwhile, all is begun anew.
  sources text[] not null default '{}',
  -- The one that is being read, and the key of the row that was read last.
  source text,
  after text[],
  -- What was put later than this stays.
  cutoff timestamptz(3),
  began_at timestamptz(3),
  ended_at timestamptz(3),
  read_bytes bigint not null default 0,
  removed bigint not null default 0,
  removed_bytes bigint not null default 0
) with (fillfactor = 10);
insert into baton.blob_sweep default values;

-- Blobs that something names, as far as was read. is_read: what the blob itself names was marked, too.
create table baton.blob_mark (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  is_read boolean not null
);
create index blob_mark_to_read on baton.blob_mark (sha256) where not is_read;

-- Everything in a text that may be a hash. Longer runs of such digits may have one anywhere: an escape stood beside it, or several
-- were written together. In very long ones it is looked for at both ends, and where it stands if nothing but hashes comes before it.
create function baton.hashes_in(p_text text) returns setof bytea language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select decode(substr(found.digits[1], n, 64), 'hex')
    from regexp_matches(p_text, '[0-9a-f]{64,}', 'g') as found(digits), generate_series(1, length(found.digits[1]) - 63) as n
   where length(found.digits[1]) <= 4096 or n <= 64 or n > length(found.digits[1]) - 127 or n % 64 = 1
$$;

-- The tables that are looked through for names of blobs: every one that is here, with all its columns that can hold a hash, but
-- for those that hold nothing but hashes of the log, or keys. A table that is added is looked through without being named
-- anywhere. The log comes last: whatever is consumed elsewhere was written there before.
create function baton.blob_sources() returns table (name text, keys text[], key_types text[], columns text[])
language sql stable set search_path = pg_catalog, baton, pg_temp as $$
  select c.relname::text,
         array(select a.attname::text from pg_index i, unnest(i.indkey::int2[]) with ordinality as k(number, place)
                 join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
                where i.indrelid = c.oid and i.indisprimary order by k.place),
         array(select format_type(a.atttypid, a.atttypmod) from pg_index i, unnest(i.indkey::int2[]) with ordinality as k(number, place)
                 join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
                where i.indrelid = c.oid and i.indisprimary order by k.place),
         holding.columns
    from pg_class c
    cross join lateral (
      select array_agg(a.attname::text order by a.attnum) as columns
        from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         and a.atttypid not in ('boolean'::regtype, 'smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'real'::regtype,
                                'float8'::regtype, 'numeric'::regtype, 'uuid'::regtype, 'timestamptz'::regtype,
                                'timestamp'::regtype, 'date'::regtype, 'interval'::regtype)
         and not (c.relname = 'event' and a.attname in ('type', 'leaf_hash'))
    ) as holding
   where c.relnamespace = 'baton'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     and c.relname not in ('blob', 'blob_mark', 'blob_sweep', 'tree_tile', 'personal_key', 'queue_key')
     and holding.columns is not null
   order by c.relname = 'event', c.relname
$$;

-- Marks those of the hashes that are blobs. Whether one names others its first byte says: JSON is a list, an object or a text.
create function baton.mark_blobs(p_sha256 bytea[]) returns void language sql set search_path = pg_catalog, baton, pg_temp as $$
  insert into baton.blob_mark (sha256, is_read)
    select b.sha256, get_byte(substring(b.content from 1 for 1), 0) not in (34, 91, 123)
      from baton.blob b where b.sha256 = any (p_sha256)
  on conflict do nothing
$$;

-- Marks what rows of a table name, from one key on: so many rows, or so many bytes as they are stored, and one row at least.
create function baton.mark_rows(p_source text, p_after text[], p_rows int, p_bytes bigint, out last text[], out rows int, out bytes bigint)
language plpgsql set search_path = pg_catalog, baton, pg_temp set bytea_output = hex as $$
declare
  v_source record;
  v_row record;
  v_names bytea[] := '{}';
  v_keys text;
begin
  select * into strict v_source from baton.blob_sources() s where s.name = p_source;
  if cardinality(v_source.keys) = 0 then
    raise exception 'the table % has no primary key: it cannot be looked through', p_source;
  end if;
  v_keys := (select string_agg(quote_ident(k), ', ') from unnest(v_source.keys) as k);
  rows := 0;
  bytes := 0;
  for v_row in execute format(
    -- The sizes are known without the values being read, and so bound what is.
    'select array[%1$s] as key, concat_ws('' '', %2$s) as words, page.own_bytes
       from (select n.*, sum(n.own_bytes) over (order by %3$s rows unbounded preceding) - n.own_bytes as bytes_before
               from (select *, (%4$s)::bigint as own_bytes from baton.%5$I %6$s order by %3$s limit %7$s) as n) as page
      where page.bytes_before < %8$s order by %3$s',
    (select string_agg(format('%I::text', k), ', ') from unnest(v_source.keys) as k),
    (select string_agg(format('%I::text', w), ', ') from unnest(v_source.columns) as w),
    v_keys,
    (select string_agg(format('coalesce(pg_column_size(%I), 0)', w), ' + ') from unnest(v_source.columns) as w),
    p_source,
    case when p_after is null then '' else
      (select format('where (%s) > (%s)', v_keys, string_agg(format('$1[%s]::%s', k.n, k.type), ', ' order by k.n))
         from unnest(v_source.key_types) with ordinality as k(type, n)) end,
    p_rows, p_bytes) using p_after
  loop
    v_names := v_names || array(select n from baton.hashes_in(v_row.words) as n);
    last := v_row.key;
    rows := rows + 1;
    bytes := bytes + v_row.own_bytes;
  end loop;
  if cardinality(v_names) > 0 then perform baton.mark_blobs(v_names); end if;
end $$;

-- Marks what a blob names, a part at a time. Not as UTF-8: it may be none.
create function baton.mark_named_in(p_sha256 bytea) returns bigint language plpgsql set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_part constant int := 1048576;
  v_overlap constant int := 128;
  v_size bigint;
  v_names bytea[];
begin
  v_size := (select octet_length(b.content) from baton.blob b where b.sha256 = p_sha256);
  for n in 0 .. coalesce(v_size, 0) / v_part loop
    v_names := array(select h from baton.blob b, baton.hashes_in(encode(substring(b.content from n * v_part + 1 for v_part + v_overlap), 'escape')) as h
                      where b.sha256 = p_sha256);
    if cardinality(v_names) > 0 then perform baton.mark_blobs(v_names); end if;
  end loop;
  update baton.blob_mark m set is_read = true where m.sha256 = p_sha256;
  return coalesce(v_size, 0);
end $$;

-- What of the log of access is gone: its entries up to a position, and the hash of the last of them, which the next one has in
-- front of it. An entry of the log itself says the same.
create table baton.access_anchor (
  only_row boolean primary key default true check (only_row),
  position bigint not null default 0 check (position >= 0),
  hash bytea not null default decode(repeat('00', 32), 'hex') check (octet_length(hash) = 32)
);
insert into baton.access_anchor default values;

-- A checkpoint never changes. Of those that are older than a month the last of each day is enough: each is the beginning of the
-- next, and all of them stay where they were published.
create function baton.keep_checkpoint() returns trigger language plpgsql set search_path = pg_catalog, baton, pg_temp as $$
begin
  if tg_op = 'DELETE' and old.at < clock_timestamp() - interval '30 days'
     and exists (select from baton.checkpoint c where c.size > old.size and (c.at at time zone 'UTC')::date = (old.at at time zone 'UTC')::date) then
    return old;
  end if;
  raise exception '% on %.% is forbidden', tg_op, tg_table_schema, tg_table_name using errcode = 'insufficient_privilege';
end $$;
drop trigger no_change on baton.checkpoint;
create trigger no_change before update or delete on baton.checkpoint for each row execute function baton.keep_checkpoint();

-- What is old is found without looking at what is not.
create index request_at on baton.request (at);
create index offline_work_at on baton.offline_work (at);

revoke all on baton.blob_sweep, baton.blob_mark, baton.access_anchor from public;
revoke all on function baton.note_blob_put, baton.hashes_in, baton.blob_sources, baton.mark_blobs, baton.mark_rows, baton.mark_named_in,
  baton.keep_checkpoint from public;
grant select on baton.blob_sweep, baton.access_anchor to baton_gateway;
