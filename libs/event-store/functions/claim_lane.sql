-- version: 2
-- The current definition: migration 0002 holds a former one. See README.md beside this file before you change it.

-- A free lane, or one whose lease ran out; the new fence shuts its former holder out. An append reads its fence under the lock of
-- the log and without one of the lane, so whoever changes a fence waits for the append that is under way. By a change, not by a
-- look: where transactions see but what was there when they began, the next append then fails rather than to see the old fence.
create or replace function baton.claim_lane(p_owner text, p_ttl_ms int)
returns table (lane smallint, fence bigint, dispatched_seq bigint)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
begin
  update baton.log l set head = l.head;
  return query update baton.lane l
     set owner = p_owner, fence = l.fence + 1, lease_until = clock_timestamp() + p_ttl_ms * interval '1 millisecond'
   where l.lane = (select x.lane from baton.lane x where x.lease_until < clock_timestamp()
                    order by x.lane for update skip locked limit 1)
  returning l.lane, l.fence, l.dispatched_seq;
end $$;
revoke all on function baton.claim_lane from public;
grant execute on function baton.claim_lane to baton_hub;
