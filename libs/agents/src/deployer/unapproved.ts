import { isDeepStrictEqual } from 'node:util';
import { type Json, JsonObject } from '@baton/contracts';
import { DeploySection } from '../checks/deploy-section.js';
import type { DeployArguments } from './deploy-arguments.js';

/** What the log says that a person approved; null where there is no such approval in the run. */
export interface Approved {
  readonly sha256: string;
  readonly arguments: Json;
}

/**
 * Why what a task asks for is not what a person approved, or null. The approval has to name the very version, and how it is
 * deployed: the base whose tools file says so, or the command itself.
 */
export function unapproved({ tree, base, deploy, approval }: DeployArguments, given: Approved | null): string | null {
  if (approval == null) return 'The task has no approval: nothing is deployed that no person has approved.';
  const { approvalId, sha256 } = approval;
  if (given === null) return `No approval ${approvalId} was given in this run.`;
  if (given.sha256 !== sha256)
    return `What was approved in ${approvalId} has the hash ${given.sha256}, and the task says ${sha256}.`;
  const shown = JsonObject.safeParse(given.arguments).data ?? {};
  if (shown.tree !== tree)
    return `The version ${wordOf(shown.tree)} was approved in ${approvalId}, and the task would deploy ${tree}.`;
  if (base != null && shown.base !== base)
    return `The base ${wordOf(shown.base)} was approved in ${approvalId}, and the task takes the command from ${base}.`;
  if (base == null && deploy != null && !isSameCommand(shown.deploy, deploy))
    return `Another command was approved in ${approvalId} than the one the task would run: ask with the arguments tree and deploy.`;
  return null;
}

/**
 * Why what the base says is more than a person was shown, or null. A version names its command without saying it; hosts have
 * to be said. Where the approval says how, it says the same.
 */
export function unshown(
  { base, approval }: DeployArguments,
  section: DeploySection,
  given: Approved | null,
): string | null {
  if (base == null) return null;
  const shown = JsonObject.safeParse(given?.arguments).data?.deploy ?? null;
  const id = approval?.approvalId;
  if (shown !== null)
    return isSameCommand(shown, section)
      ? null
      : `Another command was approved in ${id} than the one that ${base} has.`;
  if (section.hosts.length === 0) return null;
  return `The command of ${base} reaches ${section.hosts.join(' and ')}, and who approved ${id} was not shown that: put into the approval, as \`deploy\`, what a task of the deployer with \`show: true\` gives.`;
}

/** A section that leaves out what has a default is the same as one that says it. */
function isSameCommand(shown: Json | undefined, deploy: DeploySection): boolean {
  const read = DeploySection.safeParse(shown);
  return read.success && isDeepStrictEqual(read.data, deploy);
}

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value : 'of nothing');
