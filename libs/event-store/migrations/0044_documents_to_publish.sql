-- Documents that a run asks to be published: looked for every second, as what is to be landed is, and found by an index that
-- holds nothing else.
create index command_publish on baton.command (seq) where name = 'publish';
