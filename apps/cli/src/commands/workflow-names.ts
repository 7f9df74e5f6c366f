import { NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { suggestion } from '../suggestion.js';
import { printable } from '../table.js';

/** The names of the workflows that can be run, each once. */
export async function listWorkflowNames(gateway: Gateway, signal: AbortSignal): Promise<readonly string[]> {
  const { workflows } = await gateway.get('/v1/workflows', { signal });
  return [...new Set(workflows.map(({ name }) => name))];
}

/** A filter that is misspelt must not look like an answer. */
export async function requireWorkflowName(gateway: Gateway, workflow: string, signal: AbortSignal): Promise<void> {
  const missing = await missingName(gateway, workflow, signal);
  if (missing !== null) throw new UsageError(missing.message, missing.next);
}

/** The workflow is what was asked about. */
export async function requireWorkflow(gateway: Gateway, workflow: string, signal: AbortSignal): Promise<void> {
  const missing = await missingName(gateway, workflow, signal);
  if (missing !== null) throw new NotFound(missing.message, missing.next);
}

async function missingName(
  gateway: Gateway,
  workflow: string,
  signal: AbortSignal,
): Promise<{ readonly message: string; readonly next: string } | null> {
  const names = await listWorkflowNames(gateway, signal);
  if (names.includes(workflow)) return null;
  return { message: `There is no workflow ${printable(workflow)}.`, next: suggestion(workflow, names, 'workflows') };
}
