import { children, leftovers } from '@baton/test-stack/leaks';
import { afterAll } from 'vitest';

/* A file that leaves a socket, a server or a process behind fails. Set up before each file, so that its hook comes last. */

afterAll(async () => {
  const left = await leftovers();
  for (const { pid } of children()) process.kill(pid, 'SIGKILL');
  if (left.length > 0) throw new Error(`this file left behind: ${left.join('; ')}`);
});
