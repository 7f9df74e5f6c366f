import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../src/cli.ts';

const files: Readonly<Record<string, string>> = { 'a.csv': 'n,s\n1,x\n2,\n', 'bad.csv': 'a,b\n1\n' };
const read = (file: string): string => {
  const text = files[file];
  if (text === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' });
  return text;
};

test('describe prints a table of its own', () => {
  const { out, code } = run(['describe', 'a.csv'], read);
  assert.equal(out, 'column,kind,missing,distinct,least,most\nn,number,0,2,1,2\ns,text,1,1,,\n');
  assert.equal(code, 0);
});

test('select prints the columns that are asked for', () => {
  assert.equal(run(['select', 'a.csv', 's,n'], read).out, 's,n\nx,1\n,2\n');
});

test('wrong data and wrong use are one line and an exit code', () => {
  assert.deepEqual(run(['describe', 'bad.csv'], read), {
    out: '',
    err: 'bad.csv: line 2: There are 1 fields where 2 belong.\n',
    code: 1,
  });
  assert.deepEqual(run(['describe', 'none.csv'], read), {
    out: '',
    err: 'none.csv cannot be read (ENOENT).\n',
    code: 1,
  });
  assert.equal(run(['select', 'a.csv'], read).code, 2);
  assert.equal(run([], read).code, 2);
});
