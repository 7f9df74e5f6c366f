import { type Json, storableText } from '@baton/contracts';
import type { StoredEvent } from '@baton/event-store';
import type { DecisionRecord, RunEvent, RunEventOf } from '@baton/workflow';
import { type Connection, readModel } from '../database.js';
import type { RunFacts, RunFold } from '../run-view/run-fold.js';

/** An event of a page, read, and what is known of its run after it. */
export interface FoldedEvent {
  readonly event: RunEvent;
  readonly stored: Pick<StoredEvent, 'runId' | 'version' | 'position' | 'recordedAt'>;
  readonly facts: RunFacts;
  readonly steps: RunFold['steps'];
  /** The state of its visit, where it is about one that is open. */
  readonly state: string | undefined;
  /** The kind of worker that this visit was last a task for. */
  readonly agent: string | null;
}

/** Writes what the events of a page say of decisions, in their order. Most pages say little: a statement an event. */
export async function saveDecisions(client: Connection, events: readonly FoldedEvent[]): Promise<void> {
  for (const folded of events) {
    const { event } = folded;
    switch (event.type) {
      case 'AdviceRequested':
        if (event.data.isShadow !== true) await noteAsked(client, folded, event.data.question.decisionId);
        break;
      case 'TaskScheduled':
        if (event.data.question != null) await noteAsked(client, folded, event.data.question.decisionId);
        break;
      case 'DecisionMade':
        await saveDecision(client, folded, event.data.decision);
        break;
      case 'AdviceGiven':
      case 'AdviceFailed':
        await saveShadow(client, folded, event);
        break;
    }
  }
}

async function noteAsked(client: Connection, { stored, facts }: FoldedEvent, decisionId: string): Promise<void> {
  await readModel(client, 'note-asked')
    .insertInto('decision_view')
    .values({
      run_id: stored.runId,
      decision_id: storableText(decisionId),
      workflow: facts.workflow,
      asked_at: stored.recordedAt,
    })
    .onConflict((conflict) => conflict.columns(['run_id', 'decision_id']).doNothing())
    .execute();
}

async function saveDecision(
  client: Connection,
  { stored, facts: { workflow } }: FoldedEvent,
  decision: DecisionRecord,
): Promise<void> {
  const { source, classification, actionType, point, facts } = decision;
  const decided = {
    position: stored.position,
    version: stored.version,
    decided_at: stored.recordedAt,
    source,
    classification,
    action_type: actionType,
    point_kind: point.kind,
    has_judges: (facts?.judges ?? []).length > 0,
    dimensions: Object.keys(facts?.thresholds ?? {}).map(storableText),
    record: JSON.stringify(decision),
  };
  await readModel(client, 'save-decision')
    .insertInto('decision_view')
    .values({ run_id: stored.runId, decision_id: storableText(decision.decisionId), workflow, ...decided })
    .onConflict((conflict) => conflict.columns(['run_id', 'decision_id']).doUpdateSet(decided))
    .execute();
}

/** Advice that is used comes before its decision, and is in the record; what comes after was said in shadow. */
async function saveShadow(
  client: Connection,
  { stored }: FoldedEvent,
  event: RunEventOf<'AdviceGiven'> | RunEventOf<'AdviceFailed'>,
): Promise<void> {
  const { decisionId, usage } = event.data;
  const shadow = {
    ...(event.type === 'AdviceGiven' ? { output: event.data.output } : { problem: problemOf(event.data) }),
    costUsd: usage === undefined ? null : usage.costUsd,
    at: stored.recordedAt,
  } satisfies Json;
  await readModel(client, 'save-shadow')
    .updateTable('decision_view')
    .set({ shadow: JSON.stringify(shadow) })
    .where('run_id', '=', stored.runId)
    .where('decision_id', '=', storableText(decisionId))
    .where('position', 'is not', null)
    .execute();
}

const problemOf = ({ error, cause }: RunEventOf<'AdviceFailed'>['data']): string =>
  cause === '' ? error : `${error}: ${cause}`;

export async function deleteDecisions(client: Connection): Promise<void> {
  await readModel(client).deleteFrom('decision_view').execute();
}
