import { WorkflowList } from '@baton/contracts';
import type { Gateway } from '../gateway/gateway.js';

/** The names of the workflows that can be run, each once. */
export async function listWorkflowNames(gateway: Gateway, signal: AbortSignal): Promise<readonly string[]> {
  const { workflows } = await gateway.get({ path: '/v1/workflows', schema: WorkflowList, signal });
  return [...new Set(workflows.map(({ name }) => name))];
}
