import { Conversation, ConversationEntry, type Json } from '@baton/contracts';
import { journalOf } from '@baton/event-store';
import { continuedBy } from '@baton/read-model';
import { z } from 'zod';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type Asked, requireRunId } from './find-run.js';
import { graphStepsIn } from './graph-steps.js';

export const ConversationQuery = z.strictObject({ command: z.string().min(1).max(200) });

/** What was noted before durations were has none. */
const Said = ConversationEntry.options[1]
  .omit({ kind: true, content: true, calls: true })
  .extend({ tookMs: z.number().nonnegative().default(0) });

/** What was said and done for a task of a run, from the beginning also where it goes on from a task before it. */
export async function runConversation(asked: Asked, id: string, query: unknown): Promise<Conversation> {
  const { command } = parseParameters(ConversationQuery, query);
  const { pool } = asked;
  const runId = await requireRunId(asked, id);
  if (!command.startsWith(`${runId}-`)) {
    throw new ProblemError(`The command ${JSON.stringify(command)} is none of this run.`, {
      status: 404,
      code: 'command-not-found',
      next: 'The events TaskScheduled of the run name its commands.',
    });
  }
  const parts = await continuedBy(pool, command);
  const before = await Promise.all(
    parts.map(async ({ commandId, entries }) => (await journalOf(pool, commandId)).slice(0, entries)),
  );
  const own = await journalOf(pool, command);
  const graph = graphStepsIn([...before.flat(), ...own]);
  if (graph !== null) return Conversation.parse({ commandId: command, entries: [], ...graph });
  const read = [...goneOnWith(before.flat()), ...own].map(entryOf);
  const entries = read.filter((entry) => entry !== null);
  return Conversation.parse({ commandId: command, entries, unread: read.length - entries.length });
}

/** A single question has no turns to go on from: what was noted of one that was asked before is of that alone. */
function goneOnWith(noted: readonly Json[]): readonly Json[] {
  const first = ConversationEntry.safeParse(noted[0]);
  return first.success && first.data.kind !== 'documents' ? noted : [];
}

/** A single question is noted by its answer alone. */
function entryOf(recorded: Json): ConversationEntry | null {
  const entry = ConversationEntry.safeParse(recorded);
  if (entry.success) return entry.data;
  const answer = Said.safeParse(recorded);
  return answer.success ? { kind: 'answer', ...answer.data, content: [], calls: [] } : null;
}
