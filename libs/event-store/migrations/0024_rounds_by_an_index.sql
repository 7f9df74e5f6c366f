-- What an orchestrator looks for every second, for as long as it runs, is found by an index that holds nothing else: its price
-- must grow neither with the runs that have ended nor with those that only wait. Each of these holds few rows at any time.

-- Open runs that another asked for: of a million that had ended each look read all, 126 ms.
create index stream_open_child on baton.stream (parent_command) where parent_command is not null and status = 0;
-- Runs that stand still. That a run is none of them is asked for each command that is due.
create index stream_parked on baton.stream (run_id) where status = 2;
create index command_land on baton.command (seq) where name = 'land';

-- What is out at workers, by the lane that sent it. One index in the place of two, which every command had to be written to,
-- timers and waits among them.
create unique index command_outgoing on baton.command (lane, seq) where queue is not null;
drop index baton.command_seq;
alter table baton.command drop constraint command_lane_seq_key;
