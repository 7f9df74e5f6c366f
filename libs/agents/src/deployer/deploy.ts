import { BatonErrorName, type GivenApproval, type Json, JsonObject } from '@baton/contracts';
import type { SandboxChoice } from '@baton/sandbox';
import {
  type HandlerParts,
  refusedHandIn,
  type TaskFailure,
  type TaskHandler,
  type TaskResult,
  type WorkerLog,
  type WorkerTask,
} from '@baton/worker';
import { getTree, type Tree } from '@baton/workspace';
import type { DeploySection } from '../checks/deploy-section.js';
import { withHints } from '../task/hints.js';
import { invalidInput, throwIfAborted, unlessMissing } from '../task/or-failure.js';
import { describeIssues } from '../task/problems.js';
import { type Credentials, masking } from './credentials.js';
import { DeployArguments, ShowArguments } from './deploy-arguments.js';
import { findDeploy } from './find-deploy.js';
import { DeployOutcome, resultOf, shownNetwork, shownOutput } from './outcome.js';
import { type DeployNetwork, type DeployTools, hostsAllowed, withDeploy } from './run-deploy.js';
import { unapproved, unshown } from './unapproved.js';

export interface DeployerConfig extends Omit<DeployTools, 'sandbox'> {
  readonly sandbox: () => Promise<SandboxChoice>;
  readonly credentials: Credentials;
  /** What people approved, and that each approval is used once. */
  readonly deployments: HandlerParts['deployments'];
  readonly log: WorkerLog;
}

/** A deployment that a person has approved, and all that it takes. */
interface Approved {
  readonly args: DeployArguments;
  readonly approval: GivenApproval & { readonly id: string };
  readonly section: DeploySection;
  readonly tree: Tree;
  readonly given: Credentials;
  readonly tools: DeployTools;
}

/**
 * The handler of the deployer. It believes nothing that a task says of an approval: it looks into the log. Each approval lets
 * the command run once: that it begins is noted before, how it ended after, so a task that comes again, or another one with
 * the same approval, finds what became of it. Where nobody knows, nothing is run: a person has to look. A command that is
 * declared idempotent may run again.
 */
export const deployer = (config: DeployerConfig): TaskHandler =>
  withHints(async (task, _, signal) => {
    // Who deploys something in another way must not let it look as if this very version had been.
    if (task.handIn !== undefined) return refusedHandIn(NOT_BY_HAND);
    if (JsonObject.safeParse(task.arguments).data?.show !== undefined)
      return show(config, task.arguments).catch(unlessMissing);
    const args = DeployArguments.safeParse(task.arguments);
    if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
    const approved = await approvedIn(config, task, args.data).catch(unlessMissing);
    if ('ok' in approved) return approved;
    const result = await deployOnce(config, task, approved, signal);
    const { runId, commandId, state, attempt } = task;
    config.log.info({ runId, commandId, state, attempt, ok: result.ok }, 'deployed');
    return result;
  });

const NOT_BY_HAND =
  'A deployment cannot be handed in: only the deployer knows what it deployed, and under which approval. Reject this, and let the workflow go on without it.';

/** How it would be deployed, for a person to see before they approve, and what of it the operator does not give. */
async function show({ credentials, network, store }: DeployerConfig, given: Json): Promise<TaskResult> {
  const args = ShowArguments.safeParse(given);
  if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
  const found = await findDeploy(args.data, store);
  if (!found.ok) return found;
  return { ok: true, output: { deploy: found.value, problem: lackingFor(found.value, credentials, network) } };
}

async function approvedIn(
  { deployments, credentials, sandbox, ...tools }: DeployerConfig,
  { commandId }: WorkerTask,
  args: DeployArguments,
): Promise<Approved | TaskFailure> {
  const id = args.approval?.approvalId;
  const approval = id === undefined ? null : await deployments.approvalGiven(commandId, id);
  const refusal = unapproved(args, approval);
  if (refusal !== null || approval === null || id === undefined)
    return failure(BatonErrorName.notApproved, refusal ?? 'There is no approval.');
  const found = await findDeploy(args, tools.store);
  if (!found.ok) return found;
  const section = found.value;
  const more = unshown(args, section, approval);
  if (more !== null) return failure(BatonErrorName.notApproved, more);
  const given = new Map([...credentials].filter(([name]) => section.env.includes(name)));
  const lacking = lackingFor(section, given, tools.network);
  if (lacking !== null) return failure(BatonErrorName.deployFailed, lacking);
  const { executes, summary, next, sandbox: shut } = await sandbox();
  if (executes !== 'anything')
    return failure(
      BatonErrorName.deployFailed,
      `Nothing is deployed without a sandbox: ${summary}. ${next ?? ''}`.trim(),
    );
  if (section.hosts.length > 0 && shut.driver !== 'bwrap')
    return failure(
      BatonErrorName.deployFailed,
      `The command wants to reach ${section.hosts.join(' and ')}, and nothing holds it to that without a sandbox: install bubblewrap.`,
    );
  const tree = await getTree(tools.store, args.tree);
  return { args, approval: { ...approval, id }, section, tree, given, tools: { ...tools, sandbox: shut } };
}

/** What the command wants and the operator does not give; or null. */
function lackingFor({ env, hosts }: DeploySection, given: Credentials, network: DeployNetwork): string | null {
  const missing = env.filter((name) => !given.has(name));
  if (missing.length > 0)
    return `The command wants ${missing.join(' and ')}, which the operator does not give to deployments: name it in BATON_DEPLOY_ENV of the deployer.`;
  const closed = hosts.filter((host) => hostsAllowed([host], network).length === 0);
  if (closed.length === 0) return null;
  return `The command wants to reach ${closed.join(' and ')}, which the operator does not open to deployments: name it in BATON_DEPLOY_HOSTS of the deployer.`;
}

async function deployOnce(
  { deployments }: DeployerConfig,
  { commandId }: WorkerTask,
  { args, approval, section, tree, given, tools }: Approved,
  signal: AbortSignal,
): Promise<TaskResult> {
  const { id: approvalId, sha256, by } = approval;
  return withDeploy(tree, section, given, tools, async ({ run }) => {
    throwIfAborted(signal);
    const { isNew, outcome } = await deployments.begin(commandId, { approvalId, tree: args.tree });
    const known = DeployOutcome.nullable().parse(outcome);
    if (known?.deployed === true) return resultOf(known);
    if (!isNew && !section.idempotent) return known === null ? unknown(section, approvalId) : resultOf(known);
    const { execution, network } = await run(signal);
    // Ended from outside, it may have done half of it: nothing is noted, and nobody knows.
    throwIfAborted(signal);
    const longest = Math.max(0, ...[...given.values()].map((value) => 2 * value.length));
    const ended: DeployOutcome = {
      deployed: execution.record.exitCode === 0 && execution.record.stopped === null,
      tree: args.tree,
      command: section.command,
      approval: { id: approvalId, sha256, by: `${by.type}:${by.id}` },
      exitCode: execution.record.exitCode,
      output: shownOutput(execution, masking(given), longest),
      execution: execution.record,
      network: network === null ? null : shownNetwork(network, masking(given)),
    };
    await deployments.end(commandId, { approvalId, outcome: ended, isRepeatable: section.idempotent });
    return resultOf(ended);
  });
}

const unknown = ({ command }: DeploySection, approvalId: string): TaskFailure =>
  failure(
    BatonErrorName.deployUnknown,
    `\`${command}\` was begun under the approval ${approvalId}, and nobody knows whether it was deployed: who ran it was stopped in the middle. Look where it deploys to; to deploy it again, let it be approved again.`,
  );

const failure = (error: string, cause: string): TaskFailure => ({ ok: false, error, cause, retryable: false });
