import { type Json, storableText } from '@baton/contracts';
import type { StoredEvent } from '@baton/event-store';
import type { DecisionRecord, RunEvent, RunEventOf } from '@baton/workflow';
import type { Queryable } from './fold-store.js';

/** An event of a page, read, and the workflow of its run. */
export interface FoldedEvent {
  readonly event: RunEvent;
  readonly stored: Pick<StoredEvent, 'runId' | 'version' | 'position' | 'recordedAt'>;
  readonly workflow: string;
}

/** Writes what the events of a page say of decisions, in their order. Most pages say little: a statement an event. */
export async function saveDecisions(client: Queryable, events: readonly FoldedEvent[]): Promise<void> {
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

async function noteAsked(client: Queryable, { stored, workflow }: FoldedEvent, decisionId: string): Promise<void> {
  await client.query(
    `insert into baton.decision_view (run_id, decision_id, workflow, asked_at) values ($1, $2, $3, $4)
     on conflict (run_id, decision_id) do nothing`,
    [stored.runId, storableText(decisionId), workflow, stored.recordedAt],
  );
}

async function saveDecision(
  client: Queryable,
  { stored, workflow }: FoldedEvent,
  decision: DecisionRecord,
): Promise<void> {
  const { source, classification, actionType, point, facts } = decision;
  await client.query(
    `insert into baton.decision_view (run_id, decision_id, workflow, position, version, decided_at, source,
       classification, action_type, point_kind, has_judges, dimensions, record)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (run_id, decision_id) do update set
       position = excluded.position, version = excluded.version, decided_at = excluded.decided_at,
       source = excluded.source, classification = excluded.classification, action_type = excluded.action_type,
       point_kind = excluded.point_kind, has_judges = excluded.has_judges, dimensions = excluded.dimensions,
       record = excluded.record`,
    [
      ...[
        stored.runId,
        storableText(decision.decisionId),
        workflow,
        stored.position,
        stored.version,
        stored.recordedAt,
      ],
      ...[source, classification, actionType, point.kind],
      (facts?.judges ?? []).length > 0,
      Object.keys(facts?.thresholds ?? {}).map(storableText),
      JSON.stringify(decision),
    ],
  );
}

/** Advice that is used comes before its decision, and is in the record; what comes after was said in shadow. */
async function saveShadow(
  client: Queryable,
  { stored }: FoldedEvent,
  event: RunEventOf<'AdviceGiven'> | RunEventOf<'AdviceFailed'>,
): Promise<void> {
  const { decisionId, usage } = event.data;
  const shadow = {
    ...(event.type === 'AdviceGiven' ? { output: event.data.output } : { problem: problemOf(event.data) }),
    costUsd: usage === undefined ? null : usage.costUsd,
    at: stored.recordedAt,
  } satisfies Json;
  await client.query(
    `update baton.decision_view set shadow = $3 where run_id = $1 and decision_id = $2 and position is not null`,
    [stored.runId, storableText(decisionId), JSON.stringify(shadow)],
  );
}

const problemOf = ({ error, cause }: RunEventOf<'AdviceFailed'>['data']): string =>
  cause === '' ? error : `${error}: ${cause}`;

export async function deleteDecisions(client: Queryable): Promise<void> {
  await client.query('delete from baton.decision_view');
}
