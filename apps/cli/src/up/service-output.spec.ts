import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RotatingLog } from './rotating-log.js';
import { asJsonLine, lineSplitter, noticeIn, serviceOutput } from './service-output.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'baton-logs-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('lines come whole, however their bytes were cut', () => {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const byte of Buffer.from('eins\nzwölf\n\nlast')) splitter.write(Buffer.from([byte]));
  expect(lines).toEqual(['eins', 'zwölf', '']);
  splitter.end();
  expect(lines).toEqual(['eins', 'zwölf', '', 'last']);
});

test('a log line stays as it is, and anything else is wrapped', () => {
  expect(asJsonLine('planner', '{"msg":"ready"}', 'now')).toBe('{"msg":"ready"}');
  expect(JSON.parse(asJsonLine('planner', 'boom "x"', 'now'))).toEqual({
    level: 'error',
    time: 'now',
    name: 'planner',
    msg: 'boom "x"',
  });
});

test('a full log moves aside, and only so many old ones are kept', () => {
  const file = join(dir, 'planner.log');
  const log = new RotatingLog(file, 10);
  for (const word of ['one-one', 'two-two', 'three-3', 'four-44', 'five-55']) log.write(`${word}\n`);
  log.close();
  const contents = ['', '.1', '.2'].map((suffix) => readFileSync(file + suffix, 'utf8').trim());
  expect(contents).toEqual(['five-55', 'four-44', 'three-3']);
  expect(statSync(`${file}.3`, { throwIfNoEntry: false })).toBeUndefined();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a log goes on where the last one ended', () => {
  const file = join(dir, 'again.log');
  for (const word of ['first\n', 'second\n']) {
    const log = new RotatingLog(file);
    log.write(word);
    log.close();
    log.write('too late\n');
  }
  expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n');
});

test('a log that cannot be written is told once, and the service goes on', () => {
  const lost: string[] = [];
  const seen: string[] = [];
  const log = {
    write: () => {
      throw new Error('ENOSPC: no space left on device');
    },
  };
  const output = serviceOutput('planner', {
    log,
    onJsonLine: (line) => seen.push(line),
    onNotice: () => {},
    onLogLost: (reason) => lost.push(reason),
    nowIso: () => 'now',
  });
  output('{"a":1}');
  output('{"a":2}');
  expect(lost).toEqual(['ENOSPC: no space left on device']);
  expect(seen).toEqual(['{"a":1}', '{"a":2}']);
});

test.each<[string, string | null]>([
  ['{"level":"warn","notice":"a.yaml is skipped: \\u001b[2J bad"}', 'a.yaml is skipped:  [2J bad'],
  ['{"level":"warn","notice":5}', null],
  ['{"msg":"no \\"notice\\" here"}', null],
  ['{"notice" broken}', null],
  ['a notice on stderr', null],
])('what %s has to say to whoever started the service', (line, notice) => {
  expect(noticeIn(line)).toBe(notice);
});
