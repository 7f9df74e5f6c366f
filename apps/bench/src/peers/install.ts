import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { BenchError } from '../leave-nothing.js';
import { PEERS_FOLDER } from './peer-process.js';

const STAMP = join(PEERS_FOLDER, 'node_modules/.installed');

/** Installs the peers as their lockfile says, where that is not done yet. No install script of theirs runs. */
export async function installPeers(say: (text: string) => void): Promise<void> {
  const lock = await readFile(join(PEERS_FOLDER, 'package-lock.json'));
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === wanted) return;
  say('installing the peers, some 300 MB …');
  const [program = 'npm', ...before] = npmCommand();
  try {
    await promisify(execFile)(program, [...before, 'ci', '--ignore-scripts', '--no-progress', '--loglevel=error'], {
      cwd: PEERS_FOLDER,
    });
  } catch (error) {
    const said = error instanceof Error ? error.message.trim() : String(error);
    throw new BenchError(
      `The peers could not be installed. Check the connection to the npm registry, or measure Baton alone with --only baton-redis,baton-postgres. npm said:\n${said}`,
    );
  }
  await writeFile(STAMP, wanted);
}

/** npm as it was called, else the one on the PATH. */
function npmCommand(): readonly string[] {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

/** What is installed, by package. */
export async function versionsOfPeers(): Promise<Readonly<Record<string, string>>> {
  return Manifest.parse(JSON.parse(await readFile(join(PEERS_FOLDER, 'package.json'), 'utf8'))).dependencies;
}
