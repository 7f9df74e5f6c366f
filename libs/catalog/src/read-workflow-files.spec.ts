import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { canonicalSha256 } from '@baton/workflow';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readWorkflowFiles } from './read-workflow-files.js';
import { document } from './testing/document.js';

const dirs: string[] = [];
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baton-workflows-'));
  dirs.push(dir);
});
afterAll(() => Promise.all(dirs.map((made) => rm(made, { recursive: true }))));

const put = (file: string, content: object | string | Buffer) =>
  writeFile(join(dir, file), typeof content === 'string' || Buffer.isBuffer(content) ? content : stringify(content));
const skipped = async () =>
  (await readWorkflowFiles(dir)).skipped.map(({ file, problem }) => ({
    file: basename(file),
    code: problem.code,
    message: problem.message,
  }));

test('YAML and JSON of the same document have the same hash', async () => {
  await put('a.yaml', document);
  const [yaml] = (await readWorkflowFiles(dir)).workflows;
  await rm(join(dir, 'a.yaml'));
  await put('a.json', JSON.stringify(document));
  const [json] = (await readWorkflowFiles(dir)).workflows;
  expect(json?.sha256).toBe(yaml?.sha256);
  expect(json?.sha256).toBe(canonicalSha256(json?.document));
  expect(json?.file).toBe(join(dir, 'a.json'));
});

test('a file that was checked before is not checked again, and one that changed since is', async () => {
  const text = JSON.stringify(document);
  const before = { document: { ...document, title: 'As it was checked' }, sha256: canonicalSha256(document) };
  const checked = new Map([[createHash('sha256').update(text).digest('hex'), before]]);
  await put('a.json', text);
  await put('b.json', `${text} `.replace(document.name, 'another'));
  const { workflows } = await readWorkflowFiles(dir, checked);
  expect(workflows.map((each) => each.document.title)).toEqual(['As it was checked', document.title]);
  expect(workflows[0]).toEqual({ ...before, file: join(dir, 'a.json') });
});

test('nothing but documents is read', async () => {
  await put('README.md', '# Workflows');
  expect(await readWorkflowFiles(dir)).toEqual({ workflows: [], skipped: [] });
});

describe('a file is skipped and named, and the others are there', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const numbers = {
    StartAt: 'A',
    States: { A: { Type: 'Pass', Parameters: { 'a.$': 'States.Array(007)' }, End: true } },
  };
  test.each<[string, string, object | string | Buffer, RegExp]>([
    ['is wrong, with the pointer', 'wrong.yaml', { ...document, version: 'latest' }, /wrong\.yaml.*\/version/],
    ['is no YAML', 'wrong.yaml', 'name: [', /wrong\.yaml.*line 1/],
    ['is no JSON', 'wrong.json', '{"name": }', /wrong\.json/],
    ['is empty', 'wrong.yaml', '', /wrong\.yaml/],
    ['is no text', 'wrong.yaml', Buffer.from([0x80, 0xff]), /wrong\.yaml.*utf-8/],
    ['is nested without end', 'wrong.json', deep, /nested deeper/],
    ['has a number with leading zeros', 'wrong.json', JSON.stringify({ ...document, definition: numbers }), /007/],
    [
      'has an input schema that is none, with the place in it',
      'wrong.yaml',
      { ...document, input: { properties: { a: { type: 'text' } } } },
      /wrong\.yaml.*\/input\/properties\/a\/type/,
    ],
  ])('where it %s', async (_, file, content, says) => {
    await put('a-good.yaml', document);
    await put(file, content);
    await put('z-good.yaml', { ...document, name: 'another' });
    expect(await skipped()).toEqual([{ file, code: 'workflow-invalid', message: expect.stringMatching(says) }]);
    const { workflows } = await readWorkflowFiles(dir);
    expect(workflows.map((each) => each.document.name)).toEqual(['two-steps', 'another']);
  });

  test('where it is a folder or a link to nothing', async () => {
    await mkdir(join(dir, 'folder.yaml'));
    await symlink(join(dir, 'nowhere'), join(dir, 'link.json'));
    expect((await skipped()).map(({ file }) => file)).toEqual(['folder.yaml', 'link.json']);
  });

  test('where another file has its name and version', async () => {
    await put('a.yaml', document);
    await put('b.yaml', { ...document, title: 'Another' });
    expect(await skipped()).toEqual([
      {
        file: 'b.yaml',
        code: 'workflow-duplicate',
        message: expect.stringMatching(/b\.yaml.*a\.yaml.*two-steps@1\.0\.0/),
      },
    ]);
    expect((await readWorkflowFiles(dir)).workflows.map((each) => each.document.title)).toEqual([document.title]);
  });
});

test('a folder that is missing is an error', async () => {
  await rm(dir, { recursive: true });
  await expect(readWorkflowFiles(dir)).rejects.toMatchObject({ code: 'workflows-unreadable' });
  dirs.pop();
});
