import { BatonErrorName } from '@baton/contracts';
import { type Execution, ExecutionRecord, endingOf } from '@baton/sandbox';
import type { TaskResult } from '@baton/worker';
import { z } from 'zod';

/** How the command of a deployment ended, as it is noted and handed out. */
export const DeployOutcome = z.object({
  deployed: z.boolean(),
  tree: z.string(),
  command: z.string(),
  approval: z.object({ id: z.string(), sha256: z.string(), by: z.string() }),
  exitCode: z.int().nullable(),
  /** The end of what it printed, without what the operator keeps secret. */
  output: z.string(),
  execution: ExecutionRecord,
});
export type DeployOutcome = z.output<typeof DeployOutcome>;

const MOST_SHOWN = 8_000;

/** The end of what a command printed. Where its beginning is cut, half a secret may stand there: so much more is cut. */
export function shownOutput(
  { stdout, stderr, isOutputCut }: Execution,
  mask: (text: string) => string,
  longestSecret: number,
): string {
  const whole = [stdout, stderr]
    .map((text) => mask(isOutputCut ? text.slice(longestSecret) : text).trim())
    .filter((text) => text !== '')
    .join('\n');
  return whole.length <= MOST_SHOWN ? whole : `… ${mask(whole).slice(-MOST_SHOWN)}`;
}

/** A failure has its end in the cause, for whoever has to mend it. */
export function resultOf(outcome: DeployOutcome): TaskResult {
  if (outcome.deployed) return { ok: true, output: outcome };
  const { command, exitCode, execution, output } = outcome;
  const ending = endingOf(execution) ?? `it ended with exit code ${exitCode}`;
  const printed = output === '' ? 'It printed nothing.' : `It printed: ${output.slice(-1_000)}`;
  return {
    ok: false,
    error: BatonErrorName.deployFailed,
    cause: `\`${command}\` did not deploy: ${ending}. ${printed}`,
    retryable: false,
  };
}
