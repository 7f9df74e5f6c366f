import { Actor, storableText } from '@baton/contracts';
import type { RunEventOf } from '@baton/workflow';
import { z } from 'zod';
import { type Connection, readModel } from '../database.js';
import { boundTo, titleOf } from '../run-view/question.js';
import type { FoldedEvent } from './decision-store.js';

/** Writes what the events of a page say of questions to people, in their order. */
export async function saveApprovals(client: Connection, events: readonly FoldedEvent[]): Promise<void> {
  for (const folded of events) {
    const { event } = folded;
    if (event.type === 'TaskScheduled' && event.data.resource === 'baton:approval') {
      await noteQuestion(client, folded, event.data);
    }
    if (event.type === 'ApprovalCounted') await countApproval(client, folded, event.data);
    if (event.type === 'ApprovalEscalated') await noteEscalation(client, folded, event.data);
    if (event.type === 'ApprovalDecided') await saveAnswer(client, folded, event.data);
  }
}

async function noteQuestion(
  client: Connection,
  { stored, facts: { workflow, workflowVersion, submittedBy }, state }: FoldedEvent,
  asked: RunEventOf<'TaskScheduled'>['data'],
): Promise<void> {
  const title = titleOf(asked.arguments);
  await readModel(client, 'note-question')
    .insertInto('approval_view')
    .values({
      run_id: stored.runId,
      approval_id: asked.commandId,
      version: stored.version,
      workflow,
      workflow_version: workflowVersion,
      state: storableText(state ?? ''),
      title: title === null ? null : storableText(title),
      asked_at: stored.recordedAt,
      due_at: asked.deadline,
      sha256: boundTo(asked),
      policy: asked.approval === undefined ? null : JSON.stringify(asked.approval.policy),
      submitted_by: JSON.stringify(submittedBy),
    })
    .onConflict((conflict) => conflict.columns(['run_id', 'approval_id']).doNothing())
    .execute();
}

async function countApproval(
  client: Connection,
  { stored }: FoldedEvent,
  { commandId, by }: RunEventOf<'ApprovalCounted'>['data'],
): Promise<void> {
  const before = await readModel(client, 'given-approvals')
    .selectFrom('approval_view')
    .select('given')
    .where('run_id', '=', stored.runId)
    .where('approval_id', '=', commandId)
    .executeTakeFirst();
  if (before === undefined) return;
  await readModel(client, 'count-approval')
    .updateTable('approval_view')
    .set({ given: JSON.stringify([...givenIn(before.given), by]) })
    .where('run_id', '=', stored.runId)
    .where('approval_id', '=', commandId)
    .execute();
}

async function noteEscalation(
  client: Connection,
  { stored }: FoldedEvent,
  { commandId }: RunEventOf<'ApprovalEscalated'>['data'],
): Promise<void> {
  await readModel(client, 'note-escalation')
    .updateTable('approval_view')
    .set({ is_escalated: true })
    .where('run_id', '=', stored.runId)
    .where('approval_id', '=', commandId)
    .execute();
}

/** Who has approved, as the column holds it. */
export const givenIn = (column: string | null): readonly Actor[] =>
  column === null ? [] : z.array(Actor).parse(JSON.parse(column));

async function saveAnswer(
  client: Connection,
  { stored }: FoldedEvent,
  { commandId, decision, by, comment, move, approvals = [] }: RunEventOf<'ApprovalDecided'>['data'],
): Promise<void> {
  const approvedBy = approvals.map((given) => given.by);
  await readModel(client, 'save-answer')
    .updateTable('approval_view')
    .set({
      position: stored.position,
      answered_at: stored.recordedAt,
      decision,
      answer: JSON.stringify({ by, comment, move: move ?? null, approvedBy }),
    })
    .where('run_id', '=', stored.runId)
    .where('approval_id', '=', commandId)
    .execute();
}

export async function deleteApprovals(client: Connection): Promise<void> {
  await readModel(client).deleteFrom('approval_view').execute();
}
