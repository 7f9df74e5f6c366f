import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryStore } from '@baton/workspace/testing';
import { expect, test } from 'vitest';
import { folderWith } from '../loop/testing/scripted-conversation.js';
import { openWorkbench } from './workbench.js';
import { guard } from './write-rule.js';

test('what a command changes past the tools is seen where the work is handed in', async () => {
  const folder = folderWith({ 'test/a.test.ts': 'a', 'test/b.test.ts': 'b', 'src/a.ts': 'x' });
  const { problems } = await guard(openWorkbench(folder, memoryStore()), { only: null, never: ['test/'] });
  expect(await problems()).toEqual([]);
  await writeFile(join(folder, 'test/a.test.ts'), 'easier');
  await writeFile(join(folder, 'test/c.test.ts'), 'new');
  await writeFile(join(folder, 'src/a.ts'), 'y');
  expect(await problems()).toEqual([
    'test/a.test.ts was changed, and may not be: put it back as it was',
    'test/c.test.ts was changed, and may not be: put it back as it was',
  ]);
});
