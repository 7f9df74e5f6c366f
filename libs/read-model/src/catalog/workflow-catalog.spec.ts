import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { canonicalSha256 } from '../canonical-json.js';
import { document } from '../testing/events.js';
import { loadWorkflowCatalog } from './workflow-catalog.js';

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
  loadWorkflowCatalog(dir).then(
    () => 'loaded',
    (error: { code: string; message: string }) => error,
  );

describe('a catalog', () => {
  test('finds a workflow by its name and version', async () => {
    await put('two-steps.yaml', document);
    const catalog = await loadWorkflowCatalog(dir);
    expect(catalog.find('two-steps@1.0.0')?.document.title).toBe('Plan and code');
    expect(catalog.find('two-steps@1.0.1')).toBeUndefined();
    expect(catalog.find('three-steps')).toBeUndefined();
  });

  test('finds the newest version by the name alone, by number and not by letter', async () => {
    await put('a.yaml', { ...document, version: '1.9.0' });
    await put('b.yaml', { ...document, version: '1.10.0' });
    await put('c.yaml', { ...document, version: '0.99.99' });
    const catalog = await loadWorkflowCatalog(dir);
    expect(catalog.find('two-steps')?.document.version).toBe('1.10.0');
    expect(catalog.list().map((entry) => entry.document.version)).toEqual(['1.10.0', '1.9.0', '0.99.99']);
    expect(catalog.names()).toEqual(['two-steps']);
  });

  test('gives the same hash for YAML and JSON of the same document', async () => {
    await put('a.yaml', document);
    const yaml = (await loadWorkflowCatalog(dir)).find('two-steps');
    await rm(join(dir, 'a.yaml'));
    await put('a.json', JSON.stringify(document));
    const json = (await loadWorkflowCatalog(dir)).find('two-steps');
    expect(json?.sha256).toBe(yaml?.sha256);
    expect(json?.sha256).toBe(canonicalSha256(json?.document));
  });

  test('reads nothing but documents', async () => {
    await put('README.md', '# Workflows');
    expect((await loadWorkflowCatalog(dir)).list()).toEqual([]);
  });
});

describe('a catalog is refused', () => {
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
  test('when the input schema is no JSON Schema', async () => {
    await put('wrong.yaml', { ...document, input: { type: 'text' } });
    expect(await refusal()).toMatchObject({
      code: 'workflow-invalid',
      message: expect.stringMatching(/wrong\.yaml.*\/input/),
    });
  });
  test('when two files define the same version', async () => {
    await put('a.yaml', document);
    await put('b.yaml', document);
    expect(await refusal()).toMatchObject({ code: 'workflow-duplicate' });
  });
  test('when the folder is missing', async () => {
    await rm(dir, { recursive: true });
    await expect(loadWorkflowCatalog(dir)).rejects.toMatchObject({ code: 'workflows-unreadable' });
    dirs.pop();
  });
});
