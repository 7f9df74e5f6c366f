import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const page = join(dirname(dirname(fileURLToPath(import.meta.url))), 'apps/web/dist/page');
const isBuilt = existsSync(join(page, 'index.html'));
if (!isBuilt) process.stderr.write('The size of the dashboard is not looked at: it is not built (npm run build).\n');

const MOST_BYTES = 230_000;

/** What a browser fetches before it can show anything: what index.html names itself. */
const firstLoad = (): readonly string[] =>
  [...readFileSync(join(page, 'index.html'), 'utf8').matchAll(/\s(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(
    ([, path = '']) => path,
  );

test.skipIf(!isBuilt)('what a browser loads first of the dashboard stays within 230 kB, packed', () => {
  const files = firstLoad();
  expect(files.map((path) => path.split('.').at(-1)).sort()).toEqual(expect.arrayContaining(['css', 'js']));
  const sizes = ['/index.html', ...files].map(
    (path) => [path, gzipSync(readFileSync(join(page, path))).length] as const,
  );
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  expect(total, JSON.stringify(sizes, null, 1)).toBeLessThanOrEqual(MOST_BYTES);
});

test.skipIf(!isBuilt)('what one view alone needs, such as the drawing of graphs, is not among that', () => {
  const loaded = firstLoad().map((path) => readFileSync(join(page, path), 'utf8'));
  for (const mark of ['react-flow__', 'cm-editor', 'u-legend']) expect(loaded.join().includes(mark), mark).toBe(false);
});
