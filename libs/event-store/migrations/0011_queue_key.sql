-- What the ids of jobs are made from beside the command's: whoever knows a command's id must not be able to take the place of
-- its task or its result in a queue before they come.
create table baton.queue_key (
  only_row bool primary key default true check (only_row),
  key bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
);
insert into baton.queue_key default values;
revoke all on baton.queue_key from public;
grant select on baton.queue_key to baton_hub;
