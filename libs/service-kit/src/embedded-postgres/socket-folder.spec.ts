import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { giveFolder, makeSocketFolder, overSocket } from './socket-folder.js';

const SOMEBODY = { uid: 65534, gid: 65534 };
let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'baton-socket-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
});

test('where the folder cannot be made there is none, and that is said', () => {
  const said: string[] = [];
  const file = join(place, 'file');
  writeFileSync(file, '');
  expect(makeSocketFolder({ place: file, account: null }, (line) => said.push(line))).toBeNull();
  expect(said).toEqual([expect.stringMatching(/services use the port: ENOTDIR/)]);
});

test('what is in its place is made way, and it is entered by its owner alone', () => {
  writeFileSync(join(place, 'socket'), 'a file');
  expect(makeSocketFolder({ place, account: null }, () => {})).toBe(join(place, 'socket'));
  expect(statSync(join(place, 'socket')).mode & 0o777).toBe(0o700);
});

test.runIf(process.getuid?.() === 0)('a link that somebody put in its place is not followed', () => {
  const target = join(place, 'target');
  const link = join(place, 'socket');
  mkdirSync(target);
  symlinkSync(target, link);
  expect(() => giveFolder(link, SOMEBODY)).toThrow();
  expect(statSync(target).uid).toBe(0);
  giveFolder(target, SOMEBODY);
  expect(statSync(target).uid).toBe(SOMEBODY.uid);
});

test('the URL has the folder as libpq reads it, and what it had before', () => {
  const url = 'postgres://postgres:secret@127.0.0.1:5432/baton';
  expect(overSocket(url, null)).toBe(url);
  expect(overSocket(url, '/a b+c/&d')).toBe(`${url}?host=%2Fa%20b%2Bc%2F%26d`);
  expect(overSocket(`${url}?sslmode=disable`, '/a')).toBe(`${url}?sslmode=disable&host=%2Fa`);
});
