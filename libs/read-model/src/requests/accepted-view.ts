import type { Actor, RunId, RunView } from '@baton/contracts';
import type { CatalogEntry } from '../catalog/workflow-catalog.js';

/** What is shown of a run that has no event yet: nothing is known of it but its submission. */
export function acceptedView(
  submission: {
    readonly runId: RunId;
    readonly actor: Actor;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  },
  { document }: CatalogEntry,
  acceptedAt: string,
): RunView {
  return {
    runId: submission.runId,
    workflow: document.name,
    workflowVersion: document.version,
    status: 'accepted',
    version: 0,
    phase: null,
    step: null,
    currentStates: [],
    labels: { ...submission.labels },
    submittedBy: submission.actor,
    startedAt: acceptedAt,
    endedAt: null,
    error: null,
    cause: null,
    models: [],
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    rounds: {},
    scores: [],
    decisions: { total: 0, bySource: {} },
    steps: [],
  };
}
