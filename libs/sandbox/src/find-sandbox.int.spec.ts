import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SandboxSetting } from './find-sandbox.js';
import { openRunFolder } from './run-folder.js';
import { hasSandbox, NODE, sandbox, TOOLCHAIN } from './testing/attack.js';
import { LIMITS } from './testing/limits.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What a service finds that runs in the sandbox itself: a place that forbids namespaces, as a container does. */
async function choicesInside(): Promise<readonly unknown[]> {
  const folder = await openRunFolder(tmpdir(), new Date());
  try {
    await folder.handOver();
    const readOnly = [...TOOLCHAIN, ...['libs', 'node_modules', 'scripts'].map((name) => ({ from: join(ROOT, name) }))];
    const view = { folder, readOnly };
    const at = (path: string): string => sandbox.inside(view, join(ROOT, path));
    const { stdout, stderr } = await sandbox.run(
      {
        ...view,
        argv: [
          sandbox.inside(view, NODE),
          '--conditions=@baton/source',
          `--import=${at('scripts/testing/run-source.mjs')}`,
          at('libs/sandbox/src/testing/tell-choice.ts'),
        ],
        limits: LIMITS,
      },
      new AbortController().signal,
    );
    expect(stderr).toBe('');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    await folder.remove();
  }
}

describe.skipIf(!hasSandbox)('where namespaces are forbidden', () => {
  it('nothing of a model is executed, unless it was said so, and it is told what helps', async () => {
    const reason = {
      sandbox: 'none',
      summary: expect.stringMatching(/^there is no sandbox: bubblewrap does not work here \(.+\)$/),
      next: expect.stringMatching(/^User namespaces are forbidden here\..*BATON_SANDBOX=none/),
    };
    expect(await choicesInside()).toEqual([
      { ...reason, executes: 'trusted', warning: expect.stringContaining('without a sandbox') },
      { ...reason, executes: 'nothing', warning: expect.any(String) },
      expect.objectContaining({ sandbox: 'none', executes: 'anything', warning: expect.stringContaining('=none') }),
    ]);
  });
});

it('a setting is one of two words', () => {
  expect(SandboxSetting.options).toEqual(['bwrap', 'none']);
  expect(SandboxSetting.safeParse('off').success).toBe(false);
});
