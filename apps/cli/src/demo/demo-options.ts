import { join, resolve } from 'node:path';
import type { JsonObject } from '@baton/contracts';
import { DEFAULT_WORKFLOW, readRunInput } from '../commands/run-input.js';
import type { RunOptions } from '../commands/run-options.js';
import type { Setting } from '../commands/set-input.js';
import type { WorkspaceOptions } from '../commands/workspace/submit-workspace.js';
import type { Context } from '../context.js';
import { outBase, ROOT } from '../environment.js';

export interface DemoOptions extends RunOptions, WorkspaceOptions {
  readonly set?: readonly Setting[];
  readonly requirements?: string;
  readonly workflow?: string;
  readonly input?: string;
  readonly out?: string;
  readonly approve?: boolean;
  readonly json?: boolean;
}

const SHIPPED_REQUIREMENTS = join(ROOT, 'examples/requirements/tabular-preprocessing.md');

/** What the demo is to do, checked before anything is started. Throws UsageError. */
export async function readDemoInput(
  { env, io }: Pick<Context, 'env' | 'io'>,
  options: DemoOptions,
): Promise<{ readonly workflow: string; readonly input: JsonObject; readonly about: string }> {
  const workflow = options.workflow ?? DEFAULT_WORKFLOW;
  const place = { workingDirectory: env.workingDirectory, readStdin: io.readStdin };
  const isShipped = options.requirements === undefined && options.input === undefined;
  const chosen = isShipped && workflow === DEFAULT_WORKFLOW ? { requirements: SHIPPED_REQUIREMENTS } : options;
  const input = await readRunInput(
    {
      workflow,
      ...(options.set === undefined ? {} : { set: options.set }),
      ...(chosen.requirements === undefined ? {} : { requirements: chosen.requirements }),
      // `--input FILE` here is a file, as for `--requirements`; inline JSON works, too.
      ...(options.input === undefined ? {} : { input: asInputWord(options.input) }),
    },
    place,
  );
  // Nobody is there to be asked: a demo that does not converge says so and ends.
  const unattended = workflow === DEFAULT_WORKFLOW && input.escalation === undefined ? { escalation: 'fail' } : {};
  return { workflow, input: { ...input, ...unattended }, about: chosen.requirements ?? options.input ?? 'no input' };
}

const asInputWord = (word: string): string =>
  word.startsWith('@') || word.trimStart().startsWith('{') ? word : `@${word}`;

/** Where the deliverable goes: `--out`, else `out/<workflow>-<short id>/` of the checkout, or where the user stands if there is none. */
export const outDirOf = (options: DemoOptions, workingDirectory: string, workflow: string, runId: string): string =>
  options.out === undefined
    ? join(outBase(workingDirectory), 'out', `${workflow.replace(/@.*$/, '')}-${runId.slice(0, 8)}`)
    : resolve(workingDirectory, options.out);
