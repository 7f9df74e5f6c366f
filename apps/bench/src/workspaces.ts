import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkspaceUploaded } from '@baton/contracts';
import { ended, publish, Stack, submit, until } from '@baton/test-stack';
import { packFiles } from '@baton/workspace';
import { type BenchResult, quantile } from './result.js';

export interface WorkspaceBench {
  /** Tasks of the programmer, each on a version of its own. */
  readonly tasks: number;
  readonly say: (text: string) => void;
}

/** 200 files of 50 KB: 10 MB, of which a task changes next to nothing. */
const FILES = 200;
const FILE_BYTES = 50 * 1024;
const AT_ONCE = 8;
const LOOK_EVERY_MS = 500;
/** What the process takes to be warm is no growth. */
const WARM_UP_SHARE = 0.1;

/**
 * One programmer service over many tasks with workspaces of 10 MB: whether its memory stays where it was and its folders
 * are gone; the same of the folders after it was killed in the middle of its work.
 */
export async function benchWorkspaces({ tasks, say }: WorkspaceBench): Promise<readonly BenchResult[]> {
  const folders = await mkdtemp(join(tmpdir(), 'baton-bench-folders-'));
  // Commands run as somebody else where the service is root, and their folders lie in here.
  await mkdir(join(folders, 'tmp'), { mode: 0o711 });
  const stack = await Stack.start({
    args: ['--only', 'gateway,orchestrator,programmer'],
    env: { TMPDIR: join(folders, 'tmp') },
  });
  try {
    const workspace = await upload(stack);
    await publish(stack, PROGRAMMER_ALONE);
    const pid = await stack.pidOf('programmer');
    let done = 0;
    const task = async (number: number): Promise<void> => {
      const requirements = `# Task ${number}\n\n- Say hello to number ${number}.\n`;
      const runId = await submit(stack, { workflow: 'programmer-alone', input: { requirements, workspace } });
      const { status, cause } = await ended(stack, runId, 600_000);
      if (status !== 'succeeded') throw new Error(`task ${number} ${status}: ${cause}`);
      done += 1;
      if (done % 50 === 0) say(`${done} of ${tasks} tasks …`);
    };
    const samples: { readonly done: number; readonly mb: number }[] = [];
    let isOver = false;
    const watch = (async () => {
      for (; !isOver; await sleep(LOOK_EVERY_MS)) samples.push({ done, mb: await residentMb(pid) });
    })();
    await each(tasks, task);
    isOver = true;
    await watch;
    const left = await foldersIn(join(folders, 'tmp'));
    say('killed in the middle …');
    const more = each(AT_ONCE, (number) => task(tasks + number));
    await until(async () => (await foldersIn(join(folders, 'tmp'))) > 0, 'a task to be at work');
    await stack.kill('programmer');
    await more;
    const leftAfterKill = await foldersIn(join(folders, 'tmp'));
    return [
      ...memory(samples, tasks),
      counted('folders left', left),
      counted('folders left after a kill -9', leftAfterKill),
    ];
  } finally {
    await stack.stop();
    await rm(folders, { recursive: true, force: true });
  }
}

function memory(
  samples: readonly { readonly done: number; readonly mb: number }[],
  tasks: number,
): readonly BenchResult[] {
  const part = (name: string, from: number, to: number): BenchResult => {
    const within = samples.filter(({ done }) => done >= from * tasks && done <= to * tasks).map(({ mb }) => mb);
    const sorted = within.toSorted((a, b) => a - b);
    const [min = Number.NaN] = sorted;
    const label = `programmer with 10 MB workspaces: resident memory, ${name} of ${tasks} tasks`;
    return {
      name: label,
      unit: 'MB',
      median: quantile(sorted, 0.5),
      min,
      max: sorted.at(-1) ?? Number.NaN,
      runs: sorted.length,
    };
  };
  return [
    part('first quarter', WARM_UP_SHARE, 0.25 + WARM_UP_SHARE),
    part('middle', 0.4, 0.65),
    part('last quarter', 0.75, 1),
  ];
}

const counted = (name: string, median: number): BenchResult => ({
  name: `programmer with 10 MB workspaces: ${name}`,
  unit: 'folders',
  median,
  runs: 1,
});

async function each(count: number, act: (number: number) => Promise<void>): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1).values();
  const lane = async (): Promise<void> => {
    for (const number of numbers) await act(number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Of what the agents and the sandbox make for a task. */
const foldersIn = async (folder: string): Promise<number> =>
  (await readdir(folder)).filter((name) => name.startsWith('baton-')).length;

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function upload(stack: Stack): Promise<{ readonly tree: string }> {
  const files = async function* () {
    for (let number = 0; number < FILES; number += 1) {
      const line = `${number} of the texts that nobody reads and everybody carries along\n`;
      const bytes = Buffer.alloc(FILE_BYTES, line);
      yield { path: `texts/${number}.txt`, mode: '100644' as const, bytes };
    }
    const bytes = Buffer.from("export const greet = (name: string): string => ['Hello', name].join(', ');\n");
    yield { path: 'src/greet.ts', mode: '100644' as const, bytes };
  };
  const uploaded = await stack.api('/v1/workspaces', {
    method: 'POST',
    body: Readable.toWeb(packFiles(files())) as ReadableStream,
    headers: { 'content-type': 'application/x-tar' },
    duplex: 'half',
  } as RequestInit);
  return { tree: WorkspaceUploaded.parse(uploaded).tree };
}

const PLAN = {
  goal: 'A greeting.',
  components: [{ name: 'greeting', purpose: 'greets' }],
  files: [{ path: 'greeting/src/checklist.ts', purpose: 'the greeting' }],
  interfaces: [],
  testPlan: ['it greets'],
  risks: [],
  openQuestions: [],
  answers: [],
};

const PROGRAMMER_ALONE = {
  name: 'programmer-alone',
  version: '1.0.0',
  title: 'One task of the programmer in a workspace',
  input: { type: 'object', required: ['requirements', 'workspace'] },
  steps: { Implement: { number: 1, title: 'Implementation', template: 'step4_programmer_prompt_template' } },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Implement',
    States: {
      Implement: {
        Type: 'Task',
        Resource: 'baton:worker:programmer',
        Arguments: {
          requirements: '{% $states.input.requirements %}',
          workspace: '{% $states.input.workspace %}',
          language: 'typescript',
          files: [],
          plan: PLAN,
        },
        Output: { tree: '{% $states.result.workspace.tree %}' },
        End: true,
      },
    },
  },
};
