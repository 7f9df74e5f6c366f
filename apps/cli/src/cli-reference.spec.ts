import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliReference } from './testing/cli-reference.js';

const FILE = join(import.meta.dirname, '../../../docs/reference/cli.md');

test('docs/reference/cli.md is what --help of every command says', () => {
  const text = cliReference();
  if (process.env.BATON_WRITE_DOCS === 'yes') writeFileSync(FILE, text);
  const committed = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  expect(committed, 'docs/reference/cli.md is not what the commands say: run `npm run docs`').toBe(text);
});
