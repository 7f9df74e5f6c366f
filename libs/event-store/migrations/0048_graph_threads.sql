-- Threads of graphs that belong to no task: what a graph was at each of its steps, and what its nodes have written since. The steps
-- of a graph that is a task stand in the journal of its command. See docs/adr/0089-a-graph-goes-on-from-its-last-step.md.
create table baton.graph_checkpoint (
  -- Whose threads they are, in the words of whoever made them: nobody else's list shows them.
  space text collate "C" not null,
  thread_id text collate "C" not null,
  namespace text collate "C" not null,
  -- They come in the order in which they were made.
  checkpoint_id text collate "C" not null,
  -- What is large is a blob, and its hash is here.
  body json not null check (octet_length(body::text) <= 65536),
  put_at timestamptz(3) not null default clock_timestamp(),
  primary key (space, thread_id, namespace, checkpoint_id)
);

create table baton.graph_write (
  space text collate "C" not null,
  thread_id text collate "C" not null,
  namespace text collate "C" not null,
  checkpoint_id text collate "C" not null,
  task_id text collate "C" not null,
  -- From 0 on; below it what there is one of for a task: its error, its interrupt, what it was resumed with.
  idx int not null,
  task_path text not null,
  channel text not null,
  value json not null check (octet_length(value::text) <= 65536),
  primary key (space, thread_id, namespace, checkpoint_id, task_id, idx)
);
revoke all on baton.graph_checkpoint, baton.graph_write from public;
