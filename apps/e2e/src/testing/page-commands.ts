import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A block of commands of a page, with what the page shows of their output. */
export interface Block {
  readonly commands: string;
  /** Lines that come in this order, perhaps with others between them. */
  readonly shown: readonly string[];
  readonly exitCode: number;
  /** What a comment above the block says. */
  readonly note: string;
}

const BLOCK = /(?:<!-- ([^>]*) -->\n)?^```sh\n([\s\S]*?)^```$(?:\n```\n([\s\S]*?)^```$)?/gm;

/** The commands of a page in their order. A comment in front of a block says `exit code N` where it is not 0. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(BLOCK)].map(([, note = '', commands = '', shown = '']) => ({
    commands,
    shown: shown.split('\n').filter((line) => line.trim() !== ''),
    exitCode: Number(/exit code (\d+)/.exec(note)?.[1] ?? 0),
    note,
  }));

/** A line without what differs from one time to the next: ids, times, numbers of events and processes. */
const timeless = (line: string): string =>
  line
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\b[0-9a-f]{8}\b/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z/g, 'INSTANT')
    .replaceAll(/\b\d+(\.\d+)? (ms|s|min)\b/g, 'TIME')
    .replace(/^\s*\d+:\d\d\s/, '')
    .replace(/^\d+\s+(?=INSTANT)/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** What the page shows and did not come, or not in its order. */
export function missingIn(output: string, shown: readonly string[]): readonly string[] {
  const lines = output.split('\n').map(timeless);
  let at = 0;
  return shown.filter((line) => {
    const found = lines.indexOf(timeless(line), at);
    if (found !== -1) at = found + 1;
    return found === -1;
  });
}

export interface Outcome {
  readonly output: string;
  readonly exitCode: number;
}

/** With whatever a shell left in the background. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

const MARK = '@@ block';

/** Runs the blocks one after another in one shell, as a person would who copies them. Both streams are one, as in a terminal. */
export async function inOneShell(
  blocks: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<readonly Outcome[]> {
  const script = ['exec 2>&1', ...blocks.flatMap((block) => [block, `printf '\\n${MARK} %s\\n' $?`])].join('\n');
  const { cwd, env, signal } = options;
  const shell = spawn('bash', ['--norc', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const end = (): void => endGroup(shell.pid);
  signal.addEventListener('abort', end, { once: true });
  let text = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(shell, 'close').finally(end);
  const parts = text.split(new RegExp(`^${MARK} (\\d+)$`, 'm'));
  return blocks.map((_, index) => ({
    output: parts[index * 2] ?? '',
    exitCode: Number(parts[index * 2 + 1] ?? Number.NaN),
  }));
}
