-- Runs are found by words, by when they ended, by what they cost, and where a person is asked; and their views have a title and
-- say of how many steps a workflow is. Every view is folded again.
truncate baton.run_view;
update baton.run_view_cursor set position = 0;
alter table baton.run_view
  add column words tsvector not null default ''::tsvector,
  add column ended_at timestamptz(3),
  -- Null: unknown.
  add column cost_micro_usd bigint,
  -- How many digits the cost has: it is in an index, and changes a few times in a run where the cost does with every task. A row
  -- whose indexed columns stay as they are is written without touching any index.
  add column cost_digits smallint not null default 0,
  add column is_person_asked boolean not null default false;
create index run_view_words on baton.run_view using gin (words);
create index run_view_ended on baton.run_view (ended_at desc) where ended_at is not null;
create index run_view_cost on baton.run_view (cost_digits) where cost_digits > 4;
create index run_view_person_asked on baton.run_view (started_at desc, run_id desc) where is_person_asked;
