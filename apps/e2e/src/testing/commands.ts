import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CLI, ROOT, type Stack } from '@baton/test-stack';
import { z } from 'zod';

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs `baton` as a script does, with no terminal. Rejects where a signal ended it, as after three minutes. */
export const baton = (args: readonly string[], { env, cwd = ROOT }: Place): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [CLI, ...args], { cwd, env, timeout: 180_000 }, (_, stdout, stderr) => {
      if (child.exitCode !== null) resolve({ code: child.exitCode, stdout, stderr });
      else reject(new Error(`baton ${args.join(' ')} was ended by ${child.signalCode}: ${stderr}${stdout}`));
    });
  });

/** What `baton` prints where all goes well. Throws with what it says where it does not. */
export async function printed(args: readonly string[], place: Place): Promise<string> {
  const { code, stdout, stderr } = await baton(args, place);
  if (code !== 0) throw new Error(`baton ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}

/** The environment of whoever started the stack, and of its commands. */
export const envOf = async (stack: Stack): Promise<Record<string, string>> => ({
  ...stack.env,
  ...(await stack.joinEnv()),
});

/** What git prints, as somebody whom it takes commits from. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  return (await run('git', [...who, ...args], { cwd: folder })).stdout;
}

/** Uploads a folder as a workspace, as it is; the hash of its tree. */
export async function upload(stack: Stack, folder: string): Promise<string> {
  const what = ['-cf', '-', '-C', folder, ...(await readdir(folder))];
  const { stdout: tar } = await run('tar', what, { encoding: 'buffer' });
  const headers = { 'content-type': 'application/x-tar' };
  const uploaded = await stack.api('/v1/workspaces', { method: 'POST', headers, body: new Uint8Array(tar) });
  return z.object({ tree: z.string() }).parse(uploaded).tree;
}
