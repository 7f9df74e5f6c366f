import { GatewayRefused } from '@baton/client';
import { NotFound } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { printable } from '../table.js';
import { listWorkflowNames } from './workflow-names.js';

/**
 * Whether a word that names nothing of what it should is a workflow, also one with its version. Where that cannot be found out it is
 * none: there is something to tell already.
 */
export async function isWorkflow(gateway: Gateway, word: string, signal: AbortSignal): Promise<boolean> {
  const [name = ''] = word.split('@');
  const names = await listWorkflowNames(gateway, signal).catch((): readonly string[] => []);
  return names.includes(name);
}

/**
 * What is asked about a run. Whoever named a workflow where the run belongs is told how that is said.
 *
 * @param command with which a workflow is asked about, without its name
 */
export async function aboutRun<T>(
  gateway: Gateway,
  { id, command, signal }: { readonly id: string; readonly command: string; readonly signal: AbortSignal },
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    const isUnknown = thrown instanceof GatewayRefused && thrown.code === 'run-not-found';
    if (!isUnknown || !(await isWorkflow(gateway, id, signal))) throw thrown;
    throw new NotFound(
      `There is no run ${printable(id)}, but a workflow of that name.`,
      `Ask about the workflow with \`baton ${command} ${printable(id)}\`.`,
    );
  }
}
