import { BatonErrorName } from '@baton/contracts';
import { type Execution, ExecutionRecord, endingOf } from '@baton/sandbox';
import type { TaskResult } from '@baton/worker';
import { z } from 'zod';
import { NetworkRecord } from '../set-up/record.js';

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
  /** What it reached, and what it asked for in vain; null where it had no way out. */
  network: NetworkRecord.nullable().default(null),
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

/** Whoever asks for a host says its name: in one that is refused a secret may stand. */
export const shownNetwork = (network: NetworkRecord, mask: (text: string) => string): NetworkRecord => {
  const masked = (problems: NetworkRecord['refused']) => problems.map((each) => ({ ...each, host: mask(each.host) }));
  return { ...network, refused: masked(network.refused), unreachable: masked(network.unreachable) };
};

/** The first host that a command did not reach is often why it failed. */
function unreachedBy({ network }: DeployOutcome): string {
  const [refused] = network?.refused ?? [];
  if (refused !== undefined)
    return ` It asked for ${refused.host}, which was refused: ${refused.reason}. What it may reach stands under hosts of its section, in BATON_DEPLOY_HOSTS and, for a network of one's own, in BATON_DEPLOY_OWN_NETWORK.`;
  const [away] = network?.unreachable ?? [];
  return away === undefined ? '' : ` It did not reach ${away.host}: ${away.reason}.`;
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
    cause: `\`${command}\` did not deploy: ${ending}.${unreachedBy(outcome)} ${printed}`,
    retryable: false,
  };
}
