import {
  BatonErrorName,
  type ConversationEntry,
  type FileChange,
  type Json,
  type OpeningEntry,
  type OutcomeEntry,
  toError,
} from '@baton/contracts';
import { type CallModel, type Journal, type ModelRequest, type ToolCall, UnusableAnswer } from '@baton/llm';
import { failureOf, isModelError } from '../model/exchange.js';
import type { Ledger } from '../model/ledger.js';
import { type OrFailure, throwIfAborted } from '../task/or-failure.js';
import type { Bounds } from './bounds.js';
import { entryJson, readEntry } from './entries.js';
import { nextOf } from './progress.js';
import { tellTurns } from './told.js';
import { refusal, type Tool, type ToolAnswer } from './tool.js';

/** What a conversation needs of its task. */
export interface ConverseContext {
  /** Within the budget of the task, and not behind a journal: the conversation keeps its own. */
  readonly callModel: CallModel;
  readonly journal: Journal;
  readonly ledger: Ledger;
  /** Told of each call to the model, made or played. */
  readonly count: (isReplayed: boolean) => void;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface Conversation {
  /** The opening. What was said since, and the tools, are added. */
  readonly request: ModelRequest;
  readonly tools: readonly Tool[];
  readonly bounds: Bounds;
  /** Brings the files to where they were when the task was cut. */
  readonly restore: (changes: readonly FileChange[]) => Promise<void>;
  /** What the answer is called, for the sentence of a failure. */
  readonly answerName: string;
}

/**
 * Lets a model work with tools until it hands in its answer or a bound ends it. Each answer and each outcome is in the
 * journal before what follows from it: a task that comes again plays it, pays for nothing twice but the call that was cut
 * off, and runs nothing whose outcome is known. Throws on an abort, a lost database and bugs.
 */
export async function converse(context: ConverseContext, conversation: Conversation): Promise<OrFailure<Json>> {
  const { tools } = conversation;
  const entries = await readJournal(context);
  const opening = await openingOf(context, entries, conversation);
  for (const entry of entries) book(context, entry);
  await conversation.restore(newestChanges(entries));
  for (;;) {
    throwIfAborted(context.signal);
    const failed = entries.at(-1);
    if (failed?.kind === 'failure') return failureOf(new UnusableAnswer(failed.message, { ...failed, spent: failed }));
    const next = nextOf(entries, conversation.bounds);
    switch (next.type) {
      case 'done':
        return { ok: true, value: next.answer };
      case 'failed':
        return invalidOutput(conversation.answerName, next.cause);
      case 'use':
        await useNext(context, conversation, entries, next);
        break;
      case 'ask': {
        const { system, prompt } = opening;
        const request = { ...conversation.request, system, prompt };
        const bringsData = (name: string): boolean =>
          tools.find(({ definition }) => definition.name === name)?.bringsData ?? false;
        const asked: ModelRequest = {
          ...request,
          turns: tellTurns(next.turns, { bringsData, salt: request.conversationId }),
          tools: tools.map(({ definition }) => definition),
        };
        const answered = await ask(context, asked);
        if (!answered.ok) return answered;
        entries.push(await record(context, entries.length, answered.value));
        break;
      }
    }
  }
}

async function useNext(
  context: ConverseContext,
  conversation: Conversation,
  entries: ConversationEntry[],
  next: { readonly call: ToolCall; readonly heldBack: string | null },
): Promise<void> {
  const outcome = await use(context, conversation, next);
  const standing = await record(context, entries.length, outcome);
  entries.push(standing);
  const isTheirs = standing.kind === 'outcome' && JSON.stringify(standing.changes) !== JSON.stringify(outcome.changes);
  if (isTheirs) await conversation.restore(standing.changes);
}

/** What the conversation began with; of a task that comes again what it began with then, whatever the templates say now. */
async function openingOf(
  context: ConverseContext,
  entries: ConversationEntry[],
  { request: { system, prompt }, tools }: Conversation,
): Promise<OpeningEntry> {
  const [first] = entries;
  if (first?.kind === 'opening') return first;
  const opening: OpeningEntry = {
    kind: 'opening',
    system,
    prompt,
    tools: tools.map(({ definition }) => definition.name),
  };
  const standing = await record(context, 0, opening);
  entries.push(standing);
  return standing.kind === 'opening' ? standing : opening;
}

async function readJournal({ journal }: ConverseContext): Promise<ConversationEntry[]> {
  const entries: ConversationEntry[] = [];
  for (;;) {
    const recorded = await journal.read(entries.length);
    if (recorded === null) return entries;
    entries.push(readEntry(recorded, entries.length));
  }
}

/** Of two workers at the same task the first to write counts, and both go on from what is written. */
async function record(context: ConverseContext, index: number, entry: ConversationEntry): Promise<ConversationEntry> {
  await context.journal.write(index, entryJson(entry));
  const standing = await context.journal.read(index);
  return standing === null ? entry : readEntry(standing, index);
}

function book({ ledger, count, now }: ConverseContext, entry: ConversationEntry): void {
  if (entry.kind === 'opening' || entry.kind === 'outcome') return;
  ledger.book(entry, now());
  count(true);
}

async function ask(context: ConverseContext, request: ModelRequest): Promise<OrFailure<ConversationEntry>> {
  const begunMs = context.now().getTime();
  const took = (): number => Math.max(0, context.now().getTime() - begunMs);
  try {
    const response = await context.callModel(request, context.signal);
    context.ledger.book(response, context.now());
    context.count(false);
    const { text, content, toolCalls, stopReason, model, usage, requestId } = response;
    const calls = [...toolCalls];
    const answer = { text, content: [...content], calls, stopReason, model, usage, requestId };
    return { ok: true, value: { kind: 'answer', ...answer, tookMs: took() } };
  } catch (thrown) {
    throwIfAborted(context.signal);
    if (thrown instanceof UnusableAnswer) {
      context.ledger.book(thrown.spent, context.now());
      context.count(false);
      const { message, code, next = '', spent } = thrown;
      return { ok: true, value: { kind: 'failure', message, code, next, ...spent, tookMs: took() } };
    }
    const error = toError(thrown);
    if (isModelError(error)) return failureOf(error);
    throw error;
  }
}

async function use(
  context: ConverseContext,
  { tools }: Conversation,
  { call, heldBack }: { readonly call: ToolCall; readonly heldBack: string | null },
): Promise<OutcomeEntry> {
  const begunMs = context.now().getTime();
  const answer = heldBack === null ? await useTool(tools, call, context.signal) : refusal(heldBack);
  throwIfAborted(context.signal);
  return {
    kind: 'outcome',
    callId: call.id,
    text: answer.text,
    isError: answer.isError,
    changes: [...answer.changes],
    ...(heldBack === null ? {} : { heldBack }),
    ...(answer.answer === undefined ? {} : { answer: answer.answer }),
    tookMs: Math.max(0, context.now().getTime() - begunMs),
  };
}

async function useTool(tools: readonly Tool[], { name, input }: ToolCall, signal: AbortSignal): Promise<ToolAnswer> {
  const tool = tools.find(({ definition }) => definition.name === name);
  if (tool !== undefined) return tool.use(input, signal);
  return refusal(
    `There is no tool ${JSON.stringify(name)}. There are ${tools.map(({ definition }) => definition.name).join(', ')}.`,
  );
}

/** The newest word on each path: what lies between does not matter to the files as they are. */
function newestChanges(entries: readonly ConversationEntry[]): readonly FileChange[] {
  const newest = new Map<string, FileChange>();
  for (const entry of entries) {
    if (entry.kind !== 'outcome') continue;
    for (const change of entry.changes) newest.set(change.path, change);
  }
  return [...newest.values()];
}

const invalidOutput = (answerName: string, cause: string): OrFailure<never> => ({
  ok: false,
  error: BatonErrorName.invalidOutput,
  cause: `The model handed in no ${answerName}: ${cause}.`,
  retryable: true,
});
