import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../src/cli.ts';

const example = (name: string): string => join(import.meta.dirname, '../example', name);

function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'tabular-'));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const fitExample = (params: string) =>
  run(['fit', '--config', example('config.json'), '--data', example('train.csv'), '--params', params]);

test('fit writes parameters, transform writes CSV to a file or to stdout', () => {
  inFolder((folder) => {
    const [params, out] = [join(folder, 'params.json'), join(folder, 'out.csv')];
    assert.deepEqual(fitExample(params), { exitCode: 0, stdout: 'Learned 5 columns from 6 rows.\n', stderr: '' });
    const transform = ['transform', '--params', params, '--data', example('serve.csv')];
    assert.deepEqual(run([...transform, '--out', out]), { exitCode: 0, stdout: 'Wrote 2 rows.\n', stderr: '' });
    const printed = run(transform);
    assert.equal(printed.stdout, readFileSync(out, 'utf8'));
    assert.match(printed.stdout, /^age,income,visits,city=Basel,city=Bern,city=Genf,size\n/);
    assert.deepEqual(readdirSync(folder).toSorted(), ['out.csv', 'params.json']);
  });
});

test('after an error nothing is written, and what was there is as it was', () => {
  inFolder((folder) => {
    const [params, data, out] = [join(folder, 'params.json'), join(folder, 'data.csv'), join(folder, 'out.csv')];
    fitExample(params);
    const before = readFileSync(params, 'utf8');
    writeFileSync(data, 'age,income\n1,x\n');
    const again = run(['fit', '--config', example('config.json'), '--data', data, '--params', params]);
    assert.equal(again.exitCode, 1);
    assert.match(again.stderr, /^not-a-number: Column "income", row 1: "x" is not a number\.\n$/);
    assert.equal(readFileSync(params, 'utf8'), before);
    assert.equal(run(['transform', '--params', params, '--data', data, '--out', out]).exitCode, 1);
    assert.equal(existsSync(out), false);
  });
});

test('a file that cannot be read, or is no text, is an error with exit code 1', () => {
  const missing = run(['transform', '--params', 'no-such.json', '--data', example('serve.csv')]);
  assert.deepEqual(missing, {
    exitCode: 1,
    stdout: '',
    stderr: 'unreadable-file: The file no-such.json cannot be read.\n',
  });
  inFolder((folder) => {
    const data = join(folder, 'data.csv');
    writeFileSync(data, 'age\n\ufffd\n');
    const binary = run(['fit', '--config', example('config.json'), '--data', data, '--params', join(folder, 'p')]);
    assert.match(binary.stderr, /is not UTF-8 text/);
  });
});

test('a folder that does not exist is an error with exit code 1', () => {
  assert.match(fitExample(join('no-such-folder', 'params.json')).stderr, /cannot be written/);
});

test('wrong use shows the usage on stderr with exit code 2', () => {
  for (const args of [
    ['guess'],
    ['fit'],
    ['fit', '--config'],
    ['transform', '--params', 'a', '--data', 'b', '--x', 'c'],
  ]) {
    const outcome = run(args);
    assert.equal(outcome.exitCode, 2);
    assert.match(outcome.stderr, /^Usage:/);
  }
});

test('help is no error', () => {
  assert.equal(run([]).exitCode, 0);
  assert.match(run(['--help']).stdout, /^Usage:/);
});
