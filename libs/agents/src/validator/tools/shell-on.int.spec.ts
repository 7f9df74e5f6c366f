import { chmodSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@baton/contracts';
import { putFile, putTree, readBack, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import { deliver } from '../../loop/testing/deliver.js';
import { filesIn, folderWith, journalInMemory, scriptedModel } from '../../loop/testing/scripted-conversation.js';
import { shellTools } from '../../loop/tools/shell.js';
import { bare, best, hasSandbox, trustedOnly } from '../../testing/sandboxes.js';
import { settings } from '../../testing/tool-runs.js';
import { openWorkbench, type Workbench } from '../../workbench/workbench.js';
import { shellOn } from './shell-on.js';

const signal = new AbortController().signal;

/** A bench with a workspace on it, and the tools of its shell. */
async function shellWith(files: Readonly<Record<string, string>>, runId = 'run-1', contents = memoryStore()) {
  const root = folderWith(files);
  const stored = Object.entries(files).map(async ([path, content]) => ({
    path,
    mode: '100644' as const,
    ...(await putFile(contents, Buffer.from(content))),
  }));
  const base = treeOf(await Promise.all(stored));
  const workspace = { baseVersion: await putTree(contents, base), base, from: base, store: contents };
  const bench = openWorkbench(root, contents);
  const found = await shellOn(bench, workspace, { ...settings, blobs: contents }, { language: 'typescript', runId });
  const tools = found === null ? [] : shellTools(found);
  const use = (name: string, input: Json) => {
    const tool = tools.find(({ definition }) => definition.name === name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    return tool.use(input, signal);
  };
  const treeIn = async (folder: string) => (await readBack(folder, base, { store: contents })).tree;
  return { root, contents, bench, base, use, treeIn, sh: (command: string) => use('shell', { command }) };
}

const FILES = {
  '.gitignore': 'out/\n',
  'a.txt': 'a\n',
  'b/c.txt': 'c\n',
  name: 'a file\n',
  'folder/one.txt': '1\n',
  'run.sh': 'echo hello from $(cat a.txt)\n',
};

describe.skipIf(!hasSandbox)('a shell for the programmer', () => {
  it('runs a command on the files as they are, and says how it ended and what it printed', async () => {
    const { sh, bench } = await shellWith(FILES);
    await bench.write('a.txt', Buffer.from('changed by a tool\n'));
    const { text, isError, changes } = await sh('sh run.sh; echo complaint >&2; exit 3');
    expect(text).toMatch(
      /^It ended with exit code 3 after \d+\.\d s\.\nhello from changed by a tool\n\[stderr\]\ncomplaint$/,
    );
    expect({ isError, changes }).toEqual({ isError: false, changes: [] });
    expect((await sh('true')).text).toMatch(/It printed nothing\.$/);
  });

  it('has its changes made in the workspace, and a task that comes again ends with the same tree', async () => {
    const { sh, root, contents, base, treeIn } = await shellWith(FILES);
    const { text, changes } = await sh(
      `echo A > a.txt; rm b/c.txt; mkdir -p new/deep; echo n > new/deep/n.txt; mv name moved
       mkdir name; echo in > name/in.txt; rm -r folder; echo 'a file now' > folder; chmod +x run.sh`,
    );
    expect(text).toContain('It wrote a.txt, folder, moved, name/in.txt, new/deep/n.txt, run.sh.');
    expect(text).toContain('It took away b/c.txt, folder/one.txt, name.');
    expect(filesIn(root)).toEqual({
      '.gitignore': 'out/\n',
      'a.txt': 'A\n',
      folder: 'a file now\n',
      moved: 'a file\n',
      'name/in.txt': 'in\n',
      'new/deep/n.txt': 'n\n',
      'run.sh': FILES['run.sh'],
    });
    expect(statSync(join(root, 'run.sh')).mode & 0o111).toBe(0o111);
    const again = folderWith(FILES);
    await openWorkbench(again, contents).restore(changes);
    expect(await treeIn(again)).toEqual(await treeIn(root));
    expect(await treeIn(again)).not.toEqual(base);
  });

  it('takes a right away as well, here and when the task comes again', async () => {
    const { sh, root, contents, bench } = await shellWith(FILES);
    chmodSync(join(root, 'run.sh'), 0o755);
    const { changes } = await sh('chmod -x run.sh');
    expect(changes).toMatchObject([{ path: 'run.sh', now: { isExecutable: false } }]);
    const again = folderWith(FILES);
    chmodSync(join(again, 'run.sh'), 0o755);
    await openWorkbench(again, contents).restore(changes);
    for (const folder of [root, again]) expect(statSync(join(folder, 'run.sh')).mode & 0o111).toBe(0);
    expect(await bench.note(['run.sh'])).toEqual([]);
  });

  it('brings nothing but files of the workspace: no link, no package, nothing ignored, nothing of git, no secret', async () => {
    const { sh, root } = await shellWith(FILES);
    const { changes, text } = await sh(
      `ln -s /etc/passwd link; mkfifo pipe; mkdir -p node_modules/p out .git/hooks; echo x > node_modules/p/index.js
       echo x > out/built; echo evil > .git/hooks/pre-commit; echo 'KEY=1' > .env; echo x > "bad
name"; head -c 6M /dev/zero > large; rm -r b && ln -s / b; echo ok > kept.txt`,
    );
    expect(changes.map(({ path }) => path)).toEqual(['b/c.txt', 'kept.txt']);
    expect(text).toMatch(/"link" was not kept/);
    expect(readdirSync(root).sort()).toEqual(['.gitignore', 'a.txt', 'folder', 'kept.txt', 'name', 'run.sh']);
  });

  it('keeps nothing of what is too much, and says so', async () => {
    const { sh, root } = await shellWith(FILES);
    const { text, changes } = await sh('rm a.txt; for i in $(seq 21000); do : > f$i; done');
    expect(text).toContain('Nothing that it changed was kept.');
    expect(changes).toEqual([]);
    expect(Object.keys(filesIn(root))).toEqual(Object.keys(FILES).toSorted());
  });

  it('sees no network, no environment and nothing of this machine', async () => {
    const { sh } = await shellWith(FILES);
    const { text } = await sh(
      `bash -c 'exec 3<>/dev/tcp/1.1.1.1/443' 2>/dev/null && echo ESCAPED; env; cd ${homedir()} 2>/dev/null && find . -type f | grep -v '^./.pyenv'; echo tried`,
    );
    expect(text).toMatch(/tried$/);
    expect(text).not.toMatch(/ESCAPED|DATABASE_URL|ANTHROPIC|BATON_|^\.\//m);
  });

  it('is stopped at its time, with what it had changed by then', async () => {
    const { use } = await shellWith(FILES);
    const { text, changes } = await use('shell', { command: 'echo A > a.txt; sleep 60', timeoutSeconds: 1 });
    expect(text).toMatch(/^After 1\.\d s it was stopped after 1 s, its time limit\./);
    expect(changes.map(({ path }) => path)).toEqual(['a.txt']);
  });

  it('shows the beginning and the end of a long output, and a way to the rest', async () => {
    const { sh, use, contents } = await shellWith(FILES);
    const { text } = await sh('seq 1 20000');
    expect(text.length).toBeLessThan(20_000);
    expect(text).toMatch(/\n1\n2\n3\n/);
    expect(text).toMatch(/\n19999\n20000$/);
    const [, id = '', from = ''] = /output with id ([0-9a-f]{64}) and from (\d+)/.exec(text) ?? [];
    const rest = await use('output', { id, from: Number(from) });
    expect(rest.text).toMatch(/characters more: go on with from: ?\d+|go on with from \d+/);
    expect((await use('output', { id, from: 10_000_000 })).text).toMatch(/^It printed \d+ characters\.$/);
    const other = await shellWith(FILES, 'run-2', contents);
    expect(await other.use('output', { id })).toMatchObject({
      isError: true,
      text: expect.stringContaining('No command'),
    });
    const { sha256 } = await contents.put(Buffer.from('a file of somebody'));
    expect(await use('output', { id: sha256 })).toMatchObject({ isError: true });
    expect(await use('output', { id: 'f'.repeat(64) })).toMatchObject({ isError: true });
  });

  it('does not run a command again whose outcome is known', async () => {
    const contents = memoryStore();
    const journal = journalInMemory();
    const more = async (bench: Workbench) => {
      const shell = await shellOn(
        bench,
        null,
        { ...settings, blobs: contents },
        { language: 'typescript', runId: 'run' },
      );
      return shell === null ? [] : shellTools(shell);
    };
    const script = (dies: boolean) =>
      scriptedModel((turn) => {
        if (turn === 0) return { calls: [{ name: 'shell', input: { command: 'date +%N > when.txt; rm README.md' } }] };
        if (dies) throw new Error('killed');
        return { calls: [{ name: 'finish', input: { notes: 'done' } }] };
      });
    await expect(deliver({ model: script(true), journal, contents, more })).rejects.toThrow('killed');
    const outcome = journal.entries.find((entry) => JSON.stringify(entry).includes('"outcome"'));
    const { files } = await deliver({ model: script(false), journal, contents, more });
    expect(Object.keys(files)).toEqual(['src/a.ts', 'when.txt']);
    const now = Buffer.from(files['when.txt'] ?? '');
    const { sha256 } = await contents.put(now);
    expect(JSON.stringify(outcome)).toContain(sha256);
  });
});

it('is not offered where there is no sandbox, whatever may be executed there', async () => {
  const bench = openWorkbench(folderWith({}), memoryStore());
  const target = { language: 'typescript', runId: 'run' } as const;
  for (const choice of [bare, trustedOnly, { ...best, executes: 'nothing' as const }])
    expect(await shellOn(bench, null, { ...settings, sandbox: async () => choice }, target)).toBeNull();
});
