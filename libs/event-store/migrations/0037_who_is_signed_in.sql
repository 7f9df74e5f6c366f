-- Who is signed in, so that it can be listed, and ended: of what is sealed in a session nobody but its browser can tell.
-- See docs/adr/0059-a-browser-is-signed-in-by-a-session.md.
alter table baton.web_session add column actor json;
create index web_session_newest on baton.web_session (began_at desc, session_id desc);
