import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256Of } from '@baton/workspace';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunFile } from './gather.js';
import { DEFAULT_LIMITS } from './limits.js';
import { type Knowledge, type KnowledgeSettings, openKnowledge } from './open-knowledge.js';
import { parseAllowedHosts } from './places/allowed-hosts.js';
import { startPageServer } from './testing/page-server.js';

const never = new AbortController().signal;

function knowledgeWith(changes: Partial<KnowledgeSettings> = {}): Knowledge {
  const knowledge = openKnowledge({
    roots: [],
    hosts: [],
    allowPrivate: false,
    hidden: [],
    now: () => new Date('2026-11-27T12:00:00Z'),
    ...changes,
  });
  onTestFinished(knowledge.close);
  return knowledge;
}

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-knowledge-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const runFiles = (files: Readonly<Record<string, string>>): readonly RunFile[] =>
  Object.entries(files).map(([path, content]) => {
    const bytes = Buffer.from(content);
    return { path, size: bytes.length, sha256: sha256Of(bytes), read: async () => bytes };
  });

const GUIDE = '# Guide\n\nRead this first.\n\n## Retries\n\nA retry waits twice as long each time.\n';

describe('documentation', () => {
  test('of the run, of a root and of a page is found in one search, with where it stands', async () => {
    const root = folderWith({ 'handbook/style.md': '# Style\n\nFunctions before classes, and no retry in them.\n' });
    const { url } = await startPageServer((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<h1>API</h1><p>Each request may be sent again: a retry needs an id.</p>');
    });
    const knowledge = knowledgeWith({ roots: [root], hosts: parseAllowedHosts(url), allowPrivate: true });
    const locations = ['docs', `${root}/handbook`, `${url}/api`];
    const opened = await knowledge.open(locations, runFiles({ 'docs/guide.md': GUIDE, 'src/a.ts': 'retry' }), never);
    expect(opened.leftOut).toEqual([]);
    expect(opened.sources.map(({ name }) => name)).toEqual([
      'docs/guide.md',
      `${root}/handbook/style.md`,
      `${url}/api`,
    ]);
    const hits = opened.search('how long does a retry wait', 5);
    expect(hits[0]).toMatchObject({
      source: { name: 'docs/guide.md', sha256: sha256Of(Buffer.from(GUIDE)), readAt: '2026-11-27T12:00:00.000Z' },
      passage: { heading: 'Guide › Retries', from: 5, to: 7 },
    });
    expect(hits.map(({ source }) => source.name)).toContain(`${url}/api`);
    expect(hits.map(({ source }) => source.name)).not.toContain('src/a.ts');
  });

  test('that cannot be read is left out, one sentence each, and the rest is there', async () => {
    const root = folderWith({ 'ok.md': 'fine', 'private/x.md': 'hidden' });
    const knowledge = knowledgeWith({ roots: [root], hidden: [join(root, 'private')] });
    const locations = [
      'missing.md',
      '../up',
      '/etc/passwd',
      `${root}/none`,
      `${root}/private`,
      'https://docs.example',
      'a\u0007b',
      root,
    ];
    const { sources, leftOut } = await knowledge.open(locations, runFiles({ 'a.md': 'a' }), never);
    expect(sources.map(({ name }) => name)).toEqual([join(root, 'ok.md')]);
    expect(leftOut.map(({ location }) => location)).toEqual([...locations.slice(0, 6), 'a\\x07b']);
    for (const { reason } of leftOut) expect(reason).toMatch(/^[^:]+.*: .+[^.]$/);
  });

  test('follows no link and shows no secret, whatever the folder holds', async () => {
    const outside = folderWith({ 'secret.md': 'outside' });
    const root = folderWith({
      'ok.md': 'fine',
      '.env': 'KEY=1',
      'key.md': `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n`,
      'node_modules/x.md': 'package',
    });
    symlinkSync(join(outside, 'secret.md'), join(root, 'link.md'));
    symlinkSync(outside, join(root, 'folder'));
    symlinkSync(root, join(root, 'circle'));
    execFileSync('mkfifo', [join(root, 'pipe.md')]);
    writeFileSync(join(root, 'a\u001b[31m.md'), 'terminal');
    const knowledge = knowledgeWith({ roots: [root] });
    const { sources, leftOut } = await knowledge.open(
      [root, `${root}/folder/secret.md`, `${root}/link.md`, `${root}/pipe.md`],
      [],
      never,
    );
    expect(sources.map(({ name }) => name)).toEqual([join(root, 'ok.md')]);
    const said = leftOut.map(({ location, reason }) => `${location}: ${reason}`).join('\n');
    for (const name of ['.env', 'key.md', 'link.md', 'folder', 'circle', 'pipe.md', 'a\\x1b[31m.md'])
      expect(said).toContain(name);
    expect(said).not.toContain('\u001b');
  });

  test('of a gigabyte, or in too many files, is left out where its bound is, in little time', async () => {
    const root = folderWith({ 'ok.md': 'fine' });
    writeFileSync(join(root, 'huge.md'), '');
    truncateSync(join(root, 'huge.md'), 1024 ** 3);
    mkdirSync(join(root, 'many'));
    for (let n = 0; n < 3_000; n += 1) writeFileSync(join(root, 'many', `${n}.md`), `file ${n}`);
    const limits = { ...DEFAULT_LIMITS, entries: 2_000, sources: 1_500 };
    const { sources, leftOut } = await knowledgeWith({ roots: [root], limits }).open([root], [], never);
    expect(sources).toHaveLength(1_500);
    const said = leftOut.map(({ location, reason }) => `${location}: ${reason}`).join('\n');
    expect(said).toContain('huge.md: it has 1024 MB, and at most 2 MB are read');
    expect(said).toContain('1500 files were read before');
    expect(said).toContain('only 2000 names of it were looked at');
  });

  test('is read and indexed once for the same content, and let go when the process is done with it', async () => {
    let reads = 0;
    const files = runFiles({ 'docs/guide.md': GUIDE }).map((file) => ({
      ...file,
      read: () => {
        reads += 1;
        return file.read();
      },
    }));
    const knowledge = knowledgeWith();
    const first = await knowledge.open(['docs'], files, never);
    const second = await knowledge.open(['docs'], files, never);
    expect(second.search('retry', 3)).toEqual(first.search('retry', 3));
    expect(reads).toBe(1);
    expect(knowledge.keptBytes()).toBeGreaterThan(0);
    knowledge.close();
    expect(knowledge.keptBytes()).toBe(0);
  });

  test('at an address is fetched once in five minutes by a process', async () => {
    const { url, asked } = await startPageServer((response) => response.end('text'));
    let ms = Date.parse('2026-11-27T12:00:00Z');
    const knowledge = knowledgeWith({ hosts: parseAllowedHosts(url), allowPrivate: true, now: () => new Date(ms) });
    const at = async () => (await knowledge.open([url], [], never)).sources[0]?.readAt;
    expect(await at()).toBe(await at());
    expect(asked).toHaveLength(1);
    ms += 5 * 60_000;
    expect(await at()).toBe('2026-11-27T12:05:00.000Z');
    expect(asked).toHaveLength(2);
  });

  test('of images is known by name and loaded when it is asked for', async () => {
    const png = Buffer.from('89504e470d0a1a0a00', 'hex');
    const root = folderWith({ 'architecture.png': png });
    const { sources, search } = await knowledgeWith({ roots: [root] }).open([root], [], never);
    expect(search('architecture', 3)).toMatchObject([{ passage: null, source: { kind: 'image' } }]);
    const [image] = sources;
    expect(image?.kind === 'text' ? null : await image?.load()).toEqual(png);
  });
});
