import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readServers } from './servers-file.js';

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-servers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'servers.yaml'), text);
  return join(folder, 'servers.yaml');
}

const docs =
  'docs: { url: "https://docs.example.com/mcp", tools: [search], headers: { authorization: "Bearer {env:DOCS}" } }';

describe('the file of servers', () => {
  test('says who may use what, with secrets by reference', async () => {
    const path = fileWith(`servers:\n  ${docs}\n  own: { command: my-server, tools: all, agents: [planner] }\n`);
    const [first, ...others] = await readServers(path, 'tester', { DOCS: 's3cret-of-docs' });
    expect(first).toMatchObject({
      ...{ name: 'docs', tools: ['search'], headers: { authorization: 'Bearer s3cret-of-docs' } },
      ...{ secrets: ['s3cret-of-docs'], timeoutSeconds: 60, required: false },
    });
    expect(others).toEqual([]);
    expect((await readServers(path, 'planner', { DOCS: 's3cret-of-docs' })).map(({ name }) => name)).toEqual([
      'docs',
      'own',
    ]);
  });

  test('is none where nobody names one', async () => {
    expect(await readServers(undefined, 'planner', {})).toEqual([]);
  });

  test.each([
    ['a quote that does not end', 'headers: { authorization: "Bearer s3cret }'],
    ['a letter that nothing begins with', 'headers:\n      authorization: @s3cret'],
    ['an alias', 'headers:\n      authorization: *s3cret'],
    ['a tag', 'headers:\n      authorization: !<s3cret'],
  ])('where it is no YAML, by %s, shows none of it', async (_, text) => {
    const path = fileWith(`servers:\n  docs:\n    ${text}\n`);
    const error: unknown = await readServers(path, 'planner', {}).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/cannot be read: it /);
    expect(String(error)).not.toContain('s3cret');
  });

  test.each([
    ['no file', null, /cannot be read/],
    ['no YAML', '{ servers: [', /cannot be read/],
    ['a server without tools', 'servers: { a: { command: x } }', /servers\.a/],
    ['a name that is none', 'servers: { "A b": { command: x, tools: all } }', /does not fit/],
    ['the word for no server as a name', 'servers: { none: { command: x, tools: all } }', /does not fit.*none/],
    ['a member that is not known', 'servers: { a: { command: x, tools: all, shell: true } }', /servers\.a/],
    ['plain http', 'servers: { a: { url: "http://a.example.com", tools: all } }', /TLS/],
    ['a secret that is not there', `servers: { ${docs} }`, /DOCS/],
  ])('%s stops the worker, with the reason', async (_, text, says) => {
    const path = text === null ? '/nothing/here.yaml' : fileWith(text);
    await expect(readServers(path, 'planner', {})).rejects.toThrow(says);
  });
});
