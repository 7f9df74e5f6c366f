import type { CatalogEntry } from '@baton/catalog';
import type { Actor, DecisionMode, RunId, RunView } from '@baton/contracts';
import { blankView } from '@baton/read-model';

/** What is shown of a run that has no event yet: nothing is known of it but its submission. */
export function acceptedView(
  submission: {
    readonly runId: RunId;
    readonly actor: Actor;
    readonly mode?: DecisionMode | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  },
  { document }: CatalogEntry,
  acceptedAt: string,
): RunView {
  return {
    ...blankView,
    runId: submission.runId,
    workflow: document.name,
    workflowVersion: document.version,
    status: 'accepted',
    version: 0,
    labels: { ...submission.labels },
    submittedBy: submission.actor,
    decisions: { ...blankView.decisions, mode: submission.mode ?? document.decisions?.mode ?? 'programmatic' },
    startedAt: acceptedAt,
  };
}
