-- Views are folded by one version of Baton at a time: rows of an older one lack what is new in them, and the cursor would be past
-- their events for good. Raised by a migration that changes what a fold writes; whoever folds says for which number it was made.
-- Gateways of another version read the views, and leave it to the others to fold.
alter table baton.run_view_cursor add column folds smallint not null default 1;

create function baton.refuse_other_folds() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_user = 'baton_gateway' and coalesce(current_setting('baton.folds', true), '') <> old.folds::text then
    raise exception 'the views are folded by another version of Baton' using errcode = 'BT010';
  end if;
  return new;
end $$;
create trigger one_version before update on baton.run_view_cursor for each row execute function baton.refuse_other_folds();
