import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED_DIR, generatedFiles } from './generated-files.js';

test('what is made of openapi.json is up to date; otherwise run write-generated', async () => {
  const made = await generatedFiles();
  expect((await readdir(GENERATED_DIR)).sort()).toEqual([...made.keys()].sort());
  for (const [name, text] of made) expect(await readFile(join(GENERATED_DIR, name), 'utf8')).toBe(text);
});
