-- By which rule a document is read that leaves the query language of states inside a Map or Parallel open. Null: by the one
-- that held when the row was written, of which no row says anything.
alter table baton.workflow add column default_language text check (default_language = 'of the machine');
