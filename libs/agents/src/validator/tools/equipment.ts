import { dirname } from 'node:path';
import type { PreparedFolder, ReadOnlyPlace, SandboxChoice } from '@baton/sandbox';
import type { BlobStore, Tree } from '@baton/workspace';
import type { WorkspaceChecks } from '../../checks/check.js';
import { shownCommand } from '../../set-up/judge-set-up.js';
import type { Program } from '../../set-up/program.js';
import type { SetUpRecord } from '../../set-up/record.js';
import type { Prepared, SetUps } from '../../set-up/set-ups.js';
import type { ToolResult } from '../../task/outputs.js';
import { failedEarly, leftOut, type ToolContext } from './tool.js';

/** What commands find beside the files of the workspace. */
export interface Equipment {
  readonly prepared: readonly PreparedFolder[];
  readonly programs: readonly Program[];
  /** Why what needs the set-up cannot be run; null where nothing is missing. */
  readonly missing: string | null;
  /** What the report says of the set-up; null where the workspace has none. */
  readonly result: ToolResult | null;
  readonly record: SetUpRecord | null;
  readonly release: () => Promise<void>;
}

/** What a report calls it. */
export const SET_UP = 'setup';

export const NO_EQUIPMENT: Equipment = {
  prepared: [],
  programs: [],
  missing: null,
  result: null,
  record: null,
  release: async () => {},
};

interface Wanted {
  readonly found: WorkspaceChecks | null;
  readonly tree: Tree;
  readonly store: BlobStore;
  readonly choice: SandboxChoice;
  readonly toolchain: readonly ReadOnlyPlace[];
  readonly python: string | null;
  readonly knownFailures: ToolContext['input']['knownFailures'];
}

/** Prepares a workspace as far as it has to be. Whoever gets it releases it. */
export async function equip(wanted: Wanted, setUps: SetUps | undefined, signal: AbortSignal): Promise<Equipment> {
  const { found, tree, store, choice, toolchain, python, knownFailures } = wanted;
  const programs = (await setUps?.programs()) ?? [];
  const setUp = found?.setUp ?? null;
  if (setUp === null) return { ...NO_EQUIPMENT, programs };
  if (setUps === undefined) {
    const reason = `The workspace needs \`${shownCommand(setUp.command)}\` first, and nothing prepares workspaces here. Put what it needs into the workspace, or say in .baton/tools.yaml how it is judged without.`;
    return { ...NO_EQUIPMENT, programs, missing: reason, result: leftOut(SET_UP, reason) };
  }
  const programFolders = [process.execPath, ...(python === null ? [] : [python])].map((file) => dirname(file));
  const { sandbox } = choice;
  const prepared = await setUps.prepare({ setUp, tree, store, sandbox, toolchain, programFolders }, signal);
  const { record } = prepared;
  if (prepared.type === 'missing')
    return {
      ...NO_EQUIPMENT,
      programs,
      record,
      result: resultOf(prepared, knownFailures),
      missing: missingReason(prepared),
    };
  const { folders, release } = prepared;
  return { prepared: folders, programs, missing: null, record, result: resultOf(prepared, knownFailures), release };
}

type Missing = Extract<Prepared, { readonly type: 'missing' }>;

/** The reason of what was held up is short where the set-up tells the whole of it as a failure of its own. */
const missingReason = ({ isOfWork, reason }: Missing): string =>
  isOfWork ? 'It needs the set-up, which failed.' : reason;

function resultOf(prepared: Prepared, known: ToolContext['input']['knownFailures']): ToolResult {
  const { record } = prepared;
  const { execution } = record;
  const ran = {
    exitCode: execution?.exitCode ?? null,
    durationMs: record.from === 'run' ? (execution?.durationMs ?? 0) : 0,
    execution,
  };
  if (prepared.type === 'ready')
    return { ...leftOut(SET_UP, ''), ...ran, status: 'passed', couldRun: true, reason: noteOf(record) };
  const { isOfWork, reason, printed } = prepared;
  if (!isOfWork) return { ...leftOut(SET_UP, reason), ...ran };
  const failed = { ...failedEarly(SET_UP, `${reason}\n${printed}`.trim()), ...ran, isComplete: true };
  const before = known.find(({ tool, isComplete }) => tool === SET_UP && isComplete);
  const isOld = failed.findingIds.every((id) => before?.findingIds.includes(id) === true);
  return isOld ? { ...failed, status: 'failed-before', findings: [], oldFindings: failed.findings } : failed;
}

/** What passed may have wanted more than it got. */
function noteOf({ from, refused, command }: SetUpRecord): string | null {
  const kept = from === 'cache' ? `What \`${command}\` had made before was used.` : null;
  if (refused.length === 0) return kept;
  const hosts = refused.map(({ host }) => host).join(', ');
  return [kept, `It asked for hosts that it may not reach: ${hosts}.`].filter((part) => part !== null).join(' ');
}
