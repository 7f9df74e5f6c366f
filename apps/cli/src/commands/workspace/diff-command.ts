import { type Context, gatewayOf } from '../../context.js';
import { ExitCode } from '../../exit-codes.js';
import { type Sink, writeLine } from '../../output.js';
import { getRun } from '../watch-run.js';
import { getDiff, getPatch } from './versions.js';

export interface DiffOptions {
  readonly from?: number;
  readonly to?: number;
}

/** What a run changed in its workspace, as a patch; as JSON the list of files and rounds. */
export async function showDiff(context: Context, id: string, { from, to }: DiffOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runId } = await getRun(gateway, id, context.interrupted);
  if (context.format !== 'table') {
    const diff = await getDiff(gateway, runId, { from, to }, context.interrupted);
    writeLine(context.io.out, JSON.stringify(diff, null, context.format === 'jsonl' ? 0 : 2));
    return ExitCode.ok;
  }
  const patch = await getPatch(gateway, runId, { from, to }, context.interrupted);
  if (patch === '') writeLine(context.io.err, 'Nothing differs.');
  writePatch(context.io.out, patch);
  return ExitCode.ok;
}

/** In colours on a terminal, on which what a model wrote may not move the cursor either; elsewhere byte by byte. */
function writePatch(out: Sink, patch: string): void {
  if (!out.isTerminal) {
    out.write(patch);
    return;
  }
  for (const line of patch.split('\n').slice(0, -1)) writeLine(out, colored(out, line.replace(/\p{Cc}/gu, shown)));
}

const shown = (character: string): string =>
  character === '\t'
    ? character
    : character === '\r'
      ? ''
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

function colored({ colors }: Sink, line: string): string {
  if (/^(diff --git|---|\+\+\+|index|new file|deleted file|old mode|new mode)/.test(line)) return colors.bold(line);
  if (line.startsWith('@@')) return colors.cyan(line);
  if (line.startsWith('+')) return colors.green(line);
  return line.startsWith('-') ? colors.red(line) : line;
}
