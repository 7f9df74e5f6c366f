import { children, holdings, leftovers } from '@baton/test-stack/leaks';
import { afterAll } from 'vitest';

/* A file that leaves a socket, a server or a process behind fails. Set up before each file, so that its hook comes last. */

// Files share a worker: what another one left, and was told of, is no fault of this one.
const before = holdings();

afterAll(async () => {
  const left = await leftovers(before);
  for (const { pid } of children()) process.kill(pid, 'SIGKILL');
  if (left.length > 0) throw new Error(`this file left behind: ${left.join('; ')}`);
});
