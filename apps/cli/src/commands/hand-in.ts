import { type ApprovalView, Json, type JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { readJson } from './run-input.js';
import { readWorkspace, uploadWorkspace } from './workspace/submit-workspace.js';

/* Work that a person did by hand, on its way to the run that waits for it. */

export interface WorkOptions {
  /** JSON, or `@FILE` of it. */
  readonly work?: string;
  readonly workspace?: string;
  readonly comment?: string;
}

export interface Work {
  readonly decision: 'answer';
  readonly output?: Json;
  readonly workspace?: { readonly tree: string };
  readonly comment?: string;
}

/** Reads the work, and sees to it that the server has its files. Throws UsageError before anything is sent. */
export async function handedInWork(context: Context, { work, workspace, comment }: WorkOptions): Promise<Work> {
  const place = { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin };
  const value = work === undefined ? undefined : await jsonOf(work, place);
  const snapshot = workspace === undefined ? null : await readWorkspace(context, workspace, undefined);
  if (snapshot !== null && snapshot.tree.length === 0)
    throw new UsageError(
      `${workspace} holds no files, and the work that is handed in would have none.`,
      'Name the folder that has the files, or give `--work` with `removedFiles` where they are to go.',
    );
  const tree =
    snapshot === null
      ? undefined
      : (await uploadWorkspace(context, await gatewayOf(context), snapshot, workspace ?? '')).tree;
  return {
    decision: 'answer',
    ...(value === undefined ? {} : { output: value }),
    ...(tree === undefined ? {} : { workspace: { tree } }),
    ...(comment === undefined ? {} : { comment }),
  };
}

async function jsonOf(word: string, place: Parameters<typeof readJson>[2]): Promise<Json> {
  const { what, value } = await readJson(word, '--work', place);
  const parsed = Json.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${what} is not JSON.`, 'Correct it.');
}

const AskedWork = z.object({ about: z.literal('work'), worker: z.string() });

/** What the workers of its kind say their output looks like; null where none says so, or no work is waited for. */
export async function outputSchemaOf(
  gateway: Gateway,
  { status, arguments: question }: ApprovalView,
  signal: AbortSignal,
): Promise<JsonObject | null> {
  const asked = AskedWork.safeParse(question);
  if (!asked.success || status !== 'open') return null;
  const { workers } = await gateway.get('/v1/workers', { signal });
  return workers.find(({ kind, output }) => kind === asked.data.worker && output !== null)?.output ?? null;
}
