-- What the advisor is asked is looked for every half second, to see whether anybody is there to answer.
create index command_to_advisor on baton.command (created_at) where queue = 'worker-advisor';
