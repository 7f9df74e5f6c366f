import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatOf } from './cli.js';
import { Bench } from './testing/baton.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

describe('the command line', () => {
  test.each([
    [[], /command is missing/],
    [['run'], /command is missing/],
    [['rnu', 'list'], /Did you mean run/],
    [['run', 'list', '--wrong'], /--wrong/],
    [['run', 'get'], /missing required argument 'id'/i],
    [['run', 'get', 'a', 'b'], /too many arguments/i],
    [['-o', 'yaml', 'run', 'list'], /yaml/],
    [['run', 'list', '--limit', '0'], /--limit 0/],
    [['replay', 'x', '--at', '-1'], /--at/],
    [['run', 'result', 'x', '--force'], /--force/],
    [['up', '--only', 'gateway,nobody'], /no service nobody/],
    [['up', '--only', 'gateway,'], /empty/],
  ])('%j is a usage error, told in a sentence', async (args, says) => {
    const { exitCode, stdout, stderr } = await bench.baton(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^next: {2}\S/m);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each([
    ['up'],
    ['demo'],
    ['doctor'],
    ['replay'],
    ['audit', 'verify'],
    ['workflow', 'list'],
    ['queue', 'dead-letters'],
  ])('%s has help with examples', async (...words) => {
    const { exitCode, stdout } = await bench.baton([...words, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}\$ baton /);
  });

  test.each(['submit', 'list', 'get', 'watch', 'events', 'result', 'cancel'])(
    'run %s has help with examples',
    async (word) => {
      const { exitCode, stdout } = await bench.baton(['run', word, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}\$ baton run /);
    },
  );

  test('shows its version', async () => {
    expect(await bench.baton(['--version'])).toEqual({ exitCode: 0, stdout: '9.9.9\n', stderr: '' });
  });

  test('takes the output format before and after the command', () => {
    expect([['-o', 'json'], ['--output=jsonl'], ['-ojson'], ['-o', 'xml'], []].map(formatOf)).toEqual([
      'json',
      'jsonl',
      'json',
      'table',
      'table',
    ]);
  });

  test('tells errors as one JSON object under -o json', async () => {
    const { stderr, exitCode } = await bench.baton(['run', 'submit', '--requirements', 'nope.md', '-o', 'json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('nope.md'),
      next: expect.any(String),
    });
  });
});
