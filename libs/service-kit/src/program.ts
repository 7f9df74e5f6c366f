import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What `scripts/bundle.mjs` was made from: notes of the compiler and the lockfile, each with `<time of change> <size>`. */
const MadeFrom = z.record(z.string(), z.string());

/** Whether the bundle in `dist/` is of what is built and installed now. */
function isBundled(root: string): boolean {
  const list = join(root, 'dist/made-from.json');
  if (!existsSync(list)) return false;
  const madeFrom = Object.entries(MadeFrom.parse(JSON.parse(readFileSync(list, 'utf8'))));
  return madeFrom.every(([path, facts]) => {
    const now = statSync(join(root, path), { throwIfNoEntry: false });
    return `${now?.mtimeMs} ${now?.size}` === facts;
  });
}

/**
 * The file to run a program of Baton from, such as `planner`: the one that `scripts/bundle.mjs` put together, which loads in a
 * quarter of the time, or its modules where there is no such file or something was built or installed since.
 *
 * @param root of the checkout
 */
export const programOf = (root: string, name: string): string =>
  isBundled(root) ? join(root, 'dist/apps', `${name}.js`) : join(root, 'apps', name, 'dist/main.js');
