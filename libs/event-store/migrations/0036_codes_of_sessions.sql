-- A code that a session asked for begins none that goes on for longer than it: else whoever had a session for a moment would have one
-- for ever. See docs/adr/0059-a-browser-is-signed-in-by-a-session.md.
alter table baton.sign_in_code add column session_ends_at timestamptz(3);
