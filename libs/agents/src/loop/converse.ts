import {
  BatonErrorName,
  type ConversationEntry,
  type FileChange,
  type Json,
  type OpeningEntry,
  type OutcomeEntry,
  type TaskAsks,
  type TaskQuestion,
} from '@baton/contracts';
import { type ModelRequest, type ToolCall, type ToolDefinition, UnusableAnswer } from '@baton/llm';
import { failureOf } from '../model/exchange.js';
import { type OrFailure, throwIfAborted } from '../task/or-failure.js';
import type { Bounds } from './bounds.js';
import { callOnce, isFree } from './call-once.js';
import type { ConverseContext } from './converse-context.js';
import { cutShort } from './cut-short.js';
import { entryJson, readEntry } from './entries.js';
import { outsideCalls } from './outside-calls.js';
import { FINISH, nextOf, type Turn } from './progress.js';
import { hasLessToSay, roomFor } from './room.js';
import { shownMedia } from './shown-media.js';
import { tellTurns } from './told.js';
import { refusal, type Tool } from './tool.js';
import { ASK, answerTold } from './tools/ask.js';
import { outcomeOf, useTool } from './use-tool.js';

export interface Conversation {
  /** The opening. What was said since, and the tools, are added. */
  readonly request: ModelRequest;
  readonly tools: readonly Tool[];
  readonly bounds: Bounds;
  /** Brings the files to where they were when the task was cut. */
  readonly restore: (changes: readonly FileChange[]) => Promise<void>;
  /** What the answer is called, for the sentence of a failure. */
  readonly answerName: string;
  /** What an earlier task left to go on from, with what came of the calls that ended it; it was paid there. */
  readonly before?: readonly ConversationEntry[];
}

/** How a conversation ends: with its answer, or, for now, with calls that others answer. */
export type Ended =
  | { readonly type: 'answered'; readonly answer: Json }
  | { readonly type: 'calls'; readonly calls: readonly ToolCall[]; readonly entries: readonly ConversationEntry[] };

/**
 * Lets a model work with tools until it hands in its answer or a bound ends it. Each answer and each outcome is in the
 * journal before what follows from it: a task that comes again plays it, pays for nothing twice but the call that was cut
 * off, and runs nothing whose outcome is known. Throws on an abort, a lost database and bugs.
 */
export async function converse(context: ConverseContext, conversation: Conversation): Promise<OrFailure<Ended>> {
  const { tools, bounds, before = [] } = conversation;
  const { entries, earlier } = await resumed(context, before);
  const opening = openingOf(entries, conversation);
  const note = async (entry: ConversationEntry): Promise<ConversationEntry> => {
    const standing = await record(context, entries.length - before.length, entry);
    entries.push(standing);
    noteKnowledge(context, standing, false);
    noteServers(context, entries, standing);
    return standing;
  };
  await conversation.restore(newestChanges(entries));
  for (;;) {
    throwIfAborted(context.signal);
    const failed = entries.length - before.length > earlier ? entries.at(-1) : undefined;
    if (failed?.kind === 'failure') return failureOf(new UnusableAnswer(failed.message, { ...failed, spent: failed }));
    const next = nextOf(entries, bounds);
    switch (next.type) {
      case 'done':
        return { ok: true, value: { type: 'answered', answer: next.answer } };
      case 'failed':
        return invalidOutput(conversation.answerName, next.cause);
      case 'use': {
        const calls = await outsideCalls(entries, bounds, tools);
        if (calls.length > 0) return { ok: true, value: { type: 'calls', calls, entries: entries.filter(isTold) } };
        const asks = await useNext(context, conversation, { entries, note }, next);
        if (asks !== null) return asksPerson(asks);
        break;
      }
      case 'ask': {
        const given = await askNext(context, conversation, { entries, note }, { opening, turns: next.turns });
        if (given !== null) return given;
        break;
      }
    }
  }
}

/** What was said so far, booked as far as it is paid here: what a task before this one paid and read is in its result. */
async function resumed(
  context: ConverseContext,
  before: readonly ConversationEntry[],
): Promise<{ readonly entries: ConversationEntry[]; readonly earlier: number }> {
  const own = await readJournal(context);
  const earlier = context.asking.before?.entries ?? 0;
  for (const entry of own.slice(earlier)) book(context, entry);
  for (const entry of before) noteKnowledge(context, entry, true);
  for (const [index, entry] of own.entries()) noteKnowledge(context, entry, index < earlier);
  const entries = [...before, ...own];
  for (const entry of entries) noteServers(context, entries, entry);
  return { entries, earlier };
}

/**
 * A refusal may quote what it refuses, such as the name of a file; what is wrong with an answer is our own word, and what a
 * person says to a question is meant for the model. A tool that is not there now may have been one of a server: what the
 * journal has of it is data still.
 */
const bringsDataOf =
  (tools: readonly Tool[]) =>
  (name: string, isError: boolean): boolean => {
    const tool = tools.find(({ definition }) => definition.name === name);
    const isOfUs = name === FINISH || name === ASK;
    return tool === undefined ? !isOfUs : tool.bringsData || (isError && !isOfUs);
  };

/** What was said so far, and the way to add to it. */
interface Noting {
  readonly entries: readonly ConversationEntry[];
  readonly note: (entry: ConversationEntry) => Promise<ConversationEntry>;
}

/** One more answer of the model; null where the conversation goes on from it. */
async function askNext(
  context: ConverseContext,
  { request, tools, before = [] }: Conversation,
  { entries, note }: Noting,
  { opening, turns }: { readonly opening: OpeningEntry; readonly turns: readonly Turn[] },
): Promise<OrFailure<never> | null> {
  const { system, prompt } = opening;
  const opened = { ...withOpening(request, system, prompt), tools: tools.map(({ definition }) => definition) };
  const room = await roomFor(context, opened, entries);
  const asked: ModelRequest = {
    ...opened,
    turns: tellTurns(turns, {
      mostCharacters: room.characters,
      isStrict: room.isStrict,
      bringsData: bringsDataOf(tools),
      salt: request.conversationId,
      media: await shownMedia(turns, context),
    }),
  };
  const answered = await callOnce(context, asked, {
    isFirst: entries.length === before.length,
    hasLessToSay: hasLessToSay(entries),
  });
  if (!answered.ok) return answered;
  // With the first answer, and not before it: where there is none, another way of asking has an empty journal.
  if (entries.length === 0) await note(opening);
  await note(answered.value);
  throwIfAborted(context.signal);
  return cutShort(entries);
}

async function useNext(
  context: ConverseContext,
  conversation: Conversation,
  { entries, note }: Noting,
  next: { readonly call: ToolCall; readonly heldBack: string | null },
): Promise<TaskAsks | null> {
  const { before } = context.asking;
  const noted = entries.length - (conversation.before ?? []).length;
  const given = noted === before?.entries && next.call.name === ASK ? before.answer : null;
  const outcome = given === null ? await use(context, conversation, next) : outcomeOf(next.call, answerTold(given), 0);
  if ('asks' in outcome) return { ...outcome.asks, entries: noted - (before?.entries ?? 0) };
  const standing = await note(outcome);
  const isTheirs = standing.kind === 'outcome' && JSON.stringify(standing.changes) !== JSON.stringify(outcome.changes);
  if (isTheirs) await conversation.restore(standing.changes);
  return null;
}

/** A call that broke off is nothing that was said. */
const isTold = ({ kind }: ConversationEntry): boolean => kind !== 'cut' && kind !== 'failure';

/** What the conversation began with; of a task that comes again what it began with then, whatever the templates say now. */
function openingOf(entries: readonly ConversationEntry[], { request, tools }: Conversation): OpeningEntry {
  const [first] = entries;
  if (first?.kind === 'opening') return first;
  const { system, prompt } = request;
  const definitions = tools.map(({ definition }) => definition);
  return {
    kind: 'opening',
    system,
    prompt,
    tools: definitions.map(({ name }) => name),
    parts: sizesOf(request, definitions),
  };
}

function sizesOf(
  {
    system,
    prompt,
    parts = [{ name: 'prompt', text: prompt, cache: false }],
  }: Pick<ModelRequest, 'system' | 'prompt' | 'parts'>,
  tools: readonly ToolDefinition[],
): NonNullable<OpeningEntry['parts']> {
  const sizes = new Map([
    ['tools', JSON.stringify(tools).length],
    ['system', system.length],
  ]);
  for (const { name = 'prompt', text } of parts) sizes.set(name, (sizes.get(name) ?? 0) + text.length);
  return [...sizes].map(([name, characters]) => ({ name, characters }));
}

/** The parts are those of the prompt that it began with, or there are none. */
function withOpening({ parts, ...request }: ModelRequest, system: string, prompt: string): ModelRequest {
  const isSame = parts?.map(({ text }) => text).join('') === prompt;
  return { ...request, system, prompt, ...(parts !== undefined && isSame ? { parts } : {}) };
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
  if (entry.kind === 'opening' || entry.kind === 'outcome' || entry.kind === 'documents' || isFree(entry)) return;
  ledger.book(entry, now());
  count(true);
}

/** @param isEarlier whether a task before this one read it, and has said so in its own result */
function noteKnowledge({ knowledge }: ConverseContext, entry: ConversationEntry, isEarlier: boolean): void {
  if (entry.kind !== 'outcome' || entry.knowledge === undefined) return;
  knowledge?.add(entry.knowledge, entry.media ?? [], isEarlier);
}

/** What a call of a tool of others brought counts against what the task may have of them. */
function noteServers(
  { servers }: ConverseContext,
  entries: readonly ConversationEntry[],
  entry: ConversationEntry,
): void {
  if (servers === undefined || entry.kind !== 'outcome') return;
  const calls = entries.flatMap((each) => (each.kind === 'answer' ? each.calls : []));
  const call = calls.findLast(({ id }) => id === entry.callId);
  if (call !== undefined) servers.note(call.name, entry.text.length);
}

async function use(
  context: ConverseContext,
  { tools }: Conversation,
  { call, heldBack }: { readonly call: ToolCall; readonly heldBack: string | null },
): Promise<OutcomeEntry | { readonly asks: TaskQuestion }> {
  const begunMs = context.now().getTime();
  const answer = heldBack === null ? await useTool(tools, call, context.signal) : refusal(heldBack);
  throwIfAborted(context.signal);
  if (answer.asks !== undefined) return { asks: answer.asks };
  const outcome = outcomeOf(call, answer, Math.max(0, context.now().getTime() - begunMs));
  return heldBack === null ? outcome : { ...outcome, heldBack };
}

/** The task is over; what it said so far is in its journal. */
const asksPerson = (asks: TaskAsks): OrFailure<never> => ({
  ok: false,
  error: BatonErrorName.asksPerson,
  cause: asks.text,
  retryable: false,
  asks,
});

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
  cause: `The model handed in no ${answerName}: ${cause.replace(/\.$/, '')}.`,
  retryable: true,
});
