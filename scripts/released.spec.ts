import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { broken, readSchema } from './released/read-schema.mjs';

/*
 * While a system is brought up to date, programs of the last released version go on working on a database of this one. What they
 * say to it was put on record when that was released (`scripts/record-release.mjs`).
 */

const ROOT = join(import.meta.dirname, '..');
const LIBS = join(ROOT, 'libs');
const sql = readdirSync(LIBS)
  .flatMap((lib) => (readdirSync(join(LIBS, lib)).includes('schema.sql') ? [join(LIBS, lib, 'schema.sql')] : []))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');
const now = readSchema(sql);
const released = JSON.parse(readFileSync(join(import.meta.dirname, 'released/schema.json'), 'utf8'));

/** Views are folded by one version at a time, so no older one writes them: `run_view_cursor.folds`. */
const isFolded = (sentence: string): boolean => /^baton\.\w+_view\.\w+ is new/.test(sentence);

test('programs of the last released version find in the database of this one what they ask it for', () => {
  expect(Object.keys(released.tables).length).toBeGreaterThan(40);
  expect(broken(released, now).filter((sentence) => !isFolded(sentence))).toEqual([]);
});

describe('what would break them is told', () => {
  const before = readSchema(`create table baton.a (
  id bigint not null,
  name text
);
grant insert, select, update (name) on baton.a to baton_hub;
CREATE OR REPLACE FUNCTION baton.f(p_a text, p_b integer)
 RETURNS TABLE(x text, y bigint)
CREATE OR REPLACE FUNCTION baton.g(p_a text)
 RETURNS void
`);
  const changed = (text: string, by: string) => broken(before, readSchema(given.replace(text, by)));
  const given = `create table baton.a (
  id bigint not null,
  name text
);
grant insert, select, update on baton.a to baton_hub;
CREATE OR REPLACE FUNCTION baton.f(p_a text, p_b integer, p_c text DEFAULT ''::text)
 RETURNS TABLE(x text, y bigint, z text)
CREATE OR REPLACE FUNCTION baton.g(p_a text)
 RETURNS void
`;

  test('and what would not is not', () => {
    expect(changed('', '')).toEqual([]);
    expect(changed('  name text', "  name text,\n  more text default ''::text not null")).toEqual([]);
  });

  test.each([
    ['  name text', '  title text', 'baton.a.name was text and is gone'],
    ['  name text', '  name json', 'baton.a.name was text and is json'],
    ['  name text', '  name text,\n  more text not null', 'baton.a.more is new, and an insert has to name it'],
    ['grant insert, select', 'grant select', 'no longer granted: insert on baton.a to baton_hub'],
    [' RETURNS void', ' RETURNS boolean', 'baton.g(text) gives something else'],
    ['TABLE(x text, ', 'TABLE(', 'baton.f(text, integer) gives something else'],
    [" DEFAULT ''::text", '', 'baton.f(text, integer) is gone'],
    ['f(p_a text', 'f(p_a json', 'baton.f(text, integer) is gone'],
  ])('“%s” that becomes “%s”', (text, by, sentence) => {
    expect(changed(text, by)).toContain(sentence);
  });
});
