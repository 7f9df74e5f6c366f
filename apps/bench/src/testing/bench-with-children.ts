import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { leaveNothing } from '../leave-nothing.js';

/** A bench that starts processes of its own and says which; then it works for long, ends, or fails, as it is told. */
const [ending] = process.argv.slice(2);

await leaveNothing(async () => {
  const children = [spawn('sleep', ['60']), spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])];
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('spawn', resolve))));
  process.stdout.write(`${JSON.stringify({ folder: tmpdir(), pids: children.map(({ pid }) => pid) })}\n`);
  if (ending === 'fails') throw new Error('it went wrong');
  if (ending === 'breaks') setTimeout(() => Promise.reject(new Error('nobody caught it')), 10);
  if (ending !== 'ends') await new Promise((resolve) => setTimeout(resolve, 60_000));
  return 7;
});
