import type { Json } from '@baton/contracts';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../../loop/testing/scripted-conversation.js';
import { runTool } from '../../loop/tools/run.js';
import { hasSandbox } from '../../testing/sandboxes.js';
import { settings } from '../../testing/tool-runs.js';
import { openWorkbench } from '../../workbench/workbench.js';
import { checksOn } from './checks.js';

/** Prints its words, each on a line, and fails so that they are findings. */
const TELL = 'node -e "for (const w of process.argv.slice(1)) console.log(JSON.stringify(w)); process.exit(1)" --';

async function runWith(checks: readonly object[]) {
  const files = { '.baton/tools.yaml': JSON.stringify({ checks }), 'a.ts': '' };
  const contents = memoryStore();
  const stored = Object.entries(files).map(async ([path, content]) => ({
    path,
    mode: '100644' as const,
    ...(await putFile(contents, Buffer.from(content))),
  }));
  const base = treeOf(await Promise.all(stored));
  const workspace = { baseVersion: await putTree(contents, base), base, from: base, store: contents };
  const subject = { language: 'typescript', testCommand: '', writtenBy: 'm', isOwn: false, knownFailures: [] } as const;
  const bench = openWorkbench(folderWith(files), contents);
  const tool = runTool(await checksOn(bench, workspace, { ...settings, blobs: contents }, subject));
  return { tool, use: (input: Json) => tool.use(input, new AbortController().signal) };
}

describe.skipIf(!hasSandbox)('a check that takes arguments', () => {
  it('gets each as one word, and no shell reads them', async () => {
    const { tool, use } = await runWith([{ name: 'tell', command: TELL, arguments: ['*'] }]);
    expect(tool.definition.description).toContain('tell (it takes "*", where * stands for anything)');
    const words = ['two words', '$(touch evil)', '`id`', '; exit 0', "it's", '"', '--flag', '*', '\\n', '$HOME'];
    const { text } = await use({ check: 'tell', arguments: words });
    for (const word of words) expect(text).toContain(JSON.stringify(word));
  });

  it('puts them where its command wants them', async () => {
    const { use } = await runWith([{ name: 'tell', command: `${TELL} before "$@" after`, arguments: true }]);
    expect((await use({ check: 'tell', arguments: ['a.ts'] })).text).toMatch(/"before"\s+"a\.ts"\s+"after"/);
  });

  it.each([
    [
      true,
      '--config=evil.js',
      'This check does not take "--config=evil.js": it takes names of files and of tests, and no options.',
    ],
    [['src/*'], 'test/a.ts', 'This check does not take "test/a.ts": it takes "src/*", where * stands for anything.'],
    [false, 'a.ts', 'This check takes no arguments.'],
  ])('says in one sentence what it does not take: %j, %s', async (rule, word, sentence) => {
    const { use } = await runWith([
      { name: 'tell', command: TELL, arguments: rule },
      { name: 'other', command: TELL, arguments: true },
    ]);
    expect((await use({ check: 'tell', arguments: [word] })).text).toBe(sentence);
  });
});

it('where no check takes any there is nothing to be given', async () => {
  const { tool, use } = await runWith([{ name: 'tell', command: TELL }]);
  expect(JSON.stringify(tool.definition.inputSchema)).not.toContain('arguments');
  expect(await use({ check: 'tell', arguments: ['x'] })).toMatchObject({ isError: true });
});
