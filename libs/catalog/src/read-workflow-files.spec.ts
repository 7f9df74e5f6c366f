import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const put = (file: string, content: object | string) =>
  writeFile(join(dir, file), typeof content === 'string' ? content : stringify(content));
const refusal = () =>
  readWorkflowFiles(dir).then(
    () => 'loaded',
    (error: { code: string; message: string }) => error,
  );

test('YAML and JSON of the same document have the same hash', async () => {
  await put('a.yaml', document);
  const [yaml] = await readWorkflowFiles(dir);
  await rm(join(dir, 'a.yaml'));
  await put('a.json', JSON.stringify(document));
  const [json] = await readWorkflowFiles(dir);
  expect(json?.sha256).toBe(yaml?.sha256);
  expect(json?.sha256).toBe(canonicalSha256(json?.document));
  expect(json?.file).toBe(join(dir, 'a.json'));
});

test('nothing but documents is read', async () => {
  await put('README.md', '# Workflows');
  expect(await readWorkflowFiles(dir)).toEqual([]);
});

describe('a folder is refused', () => {
  test('when a document is wrong, with the file and the pointer', async () => {
    await put('wrong.yaml', { ...document, version: 'latest' });
    expect(await refusal()).toMatchObject({
      code: 'workflow-invalid',
      message: expect.stringMatching(/wrong\.yaml.*\/version/),
    });
  });
  test('when a file is not YAML', async () => {
    await put('wrong.yaml', 'name: [');
    expect(await refusal()).toMatchObject({ code: 'workflow-invalid', message: expect.stringContaining('wrong.yaml') });
  });
  test('when the input schema is no JSON Schema, with the place in it', async () => {
    await put('wrong.yaml', { ...document, input: { properties: { a: { type: 'text' } } } });
    expect(await refusal()).toMatchObject({
      code: 'workflow-invalid',
      message: expect.stringMatching(/wrong\.yaml.*\/input\/properties\/a\/type/),
    });
  });
  test('when it is missing', async () => {
    await rm(dir, { recursive: true });
    await expect(readWorkflowFiles(dir)).rejects.toMatchObject({ code: 'workflows-unreadable' });
    dirs.pop();
  });
});
