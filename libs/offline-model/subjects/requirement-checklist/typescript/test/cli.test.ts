import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../src/cli.ts';
import { requirements } from '../src/requirements.ts';

test('without evidence the command prints the whole list as unchecked', () => {
  const { stdout, stderr } = run([]);
  for (const { id, text } of requirements) assert.ok(stdout.includes(`- [ ] ${id} ${text}`), `${id} is missing`);
  assert.ok(stdout.includes(`0 of ${requirements.length} met`));
  assert.equal(stderr, '');
});

test('a file that cannot be read is an error with exit code 2', () => {
  const { exitCode, stdout, stderr } = run(['no-such-file.json']);
  assert.equal(exitCode, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /no-such-file\.json cannot be read/);
});

test('more than one argument is an error that shows the usage', () => {
  assert.equal(run(['a', 'b']).exitCode, 2);
  assert.match(run(['a', 'b']).stderr, /Usage/);
});
