import { type Actor, type DecisionMode, JsonObject, personOf, type RunId, type RunView } from '@baton/contracts';
import type { RunToWait } from '@baton/event-store';
import { blankView } from '@baton/read-model';
import { DEFAULT_PRIORITY, type WorkflowDocument } from '@baton/workflow';
import type { HubMessage } from '../hub/message.js';
import { SCHEDULED } from '../schedules/scheduled-requests.js';

interface Request {
  readonly name: string;
  readonly message: unknown;
  readonly accepted: unknown;
}

/** A request that begins a run, as it stands in line; null for any other, and for a run that ends with its beginning. */
export function runToWait(request: Request, { runId, order, actor, requestId }: HubMessage): RunToWait | null {
  if (requestId === undefined) return null;
  const whole = { request, runId, requestId };
  if (order.type === 'StartRun' && order.parent === undefined && order.cancelled === undefined) {
    const { submission, document } = order;
    return toWait(whole, {
      document,
      actor: submission.actor ?? actor,
      labels: submission.labels ?? {},
      priority: submission.priority ?? DEFAULT_PRIORITY,
      mode: submission.decisions?.mode ?? document.decisions?.mode ?? 'programmatic',
    });
  }
  if (order.type === 'ForkRun' && order.cancelled === undefined) {
    const { cut, labels } = order;
    const { document, priority, decisionMode: mode } = cut.state;
    return toWait(whole, { document, actor, labels, priority, mode });
  }
  return null;
}

interface Facts {
  readonly document: WorkflowDocument;
  readonly actor: Actor;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly mode: DecisionMode;
}

function toWait(
  { request, runId, requestId }: { readonly request: Request; readonly runId: RunId; readonly requestId: string },
  { document, actor, labels, priority, mode }: Facts,
): RunToWait {
  const view: Omit<RunView, 'startedAt'> = {
    ...blankView,
    runId,
    workflow: document.name,
    workflowVersion: document.version,
    status: 'accepted',
    version: 0,
    labels: { ...labels },
    submittedBy: actor,
    decisions: { ...blankView.decisions, mode },
  };
  return {
    requestId,
    name: request.name,
    unaccepted:
      request.accepted === null || requestId.startsWith(SCHEDULED)
        ? { message: JsonObject.parse(request.message), view: JsonObject.parse(view) }
        : null,
    runId,
    submitter: personOf(actor),
    workflow: document.name,
    labels,
    priority,
  };
}
