import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { quoteForShell } from '../shell-word.js';
import { homePaths } from './home.js';

/*
 * `npx baton` works inside the checkout only: outside, npx offers a package of somebody else. The shim is the command for
 * every other folder, and starts the pinned Node at once, without npm and without the caller's Node in between.
 */

export function formatShim(home: string, root: string): string {
  const [quotedHome, node, main, entry] = [
    home,
    join(root, 'node_modules/.bin/node'),
    join(root, 'apps/cli/dist/main.js'),
    join(root, 'apps/cli/bin/baton.js'),
  ].map(quoteForShell);
  return `#!/bin/sh
# Written by \`baton up\`: the command baton, for the stack whose data is here.
: "\${BATON_HOME:=}"
[ -n "$BATON_HOME" ] || BATON_HOME=${quotedHome}
export BATON_HOME
if [ ! -f ${entry} ]; then
  echo "error: The checkout of Baton that this command belongs to is gone from ${root.replaceAll(/["$`\\]/g, '?')}." >&2
  echo "next:  Start the stack again from where it is now; that writes this command anew." >&2
  exit 1
fi
[ -x ${node} ] && [ -f ${main} ] && exec ${node} ${main} "$@"
exec node ${entry} "$@"
`;
}

/** Writes the command into the home, in one step: one that runs it meanwhile reads the old one or the new. */
export async function writeShim(home: string, root: string): Promise<void> {
  const { shim } = homePaths(home);
  await mkdir(dirname(shim), { recursive: true, mode: 0o755 });
  const unfinished = `${shim}.${process.pid}.new`;
  await writeFile(unfinished, formatShim(home, root));
  await chmod(unfinished, 0o755);
  await rename(unfinished, shim);
}
