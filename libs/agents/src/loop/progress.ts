import type { AnswerEntry, ConversationEntry, Json, OutcomeEntry } from '@baton/contracts';
import type { ToolCall } from '@baton/llm';
import { parseJson } from '../model/parse-answer.js';
import { type Bounds, metBound, metNote, NOTHING_USED, nearNote, newlyNear, type Used, useOf } from './bounds.js';

/*
 * A task with tools as a pure function of its journal: what was answered and what came of each call says what comes next.
 * No clock, no randomness; so a task that is cut anywhere goes on where it was, and ends as it would have.
 */

/** The tool by which the answer is handed in. */
export const FINISH = 'finish';
/** The id of a call that the model did not make as one: its text was the answer. */
export const TEXT_CALL = 'text';

/** One answer, and what came of it so far. */
export interface Turn {
  readonly answer: AnswerEntry;
  readonly calls: readonly ToolCall[];
  readonly outcomes: readonly OutcomeEntry[];
  /** What the model is told beside the outcomes. */
  readonly notes: readonly string[];
}

export type Next =
  | { readonly type: 'ask'; readonly turns: readonly Turn[] }
  | { readonly type: 'use'; readonly call: ToolCall; readonly heldBack: string | null }
  | { readonly type: 'done'; readonly answer: Json }
  | { readonly type: 'failed'; readonly cause: string };

/** How often a model may go on after a bound was met, and how often it may say nothing that leads anywhere. */
const OVERTIME = 2;
const IDLE = 2;
/** The same call in the same state of the files gives the same: it is executed this often. */
const SAME_CALLS = 2;
/** A wrong answer goes back once. */
const WRONG_ANSWERS = 1;

const IDLE_NOTE = `You called no tool, and your text is not the answer that was asked for. Go on with the tools, or hand in your answer with ${FINISH}.`;
const CUT_NOTE =
  'Your answer was cut off at its limit of tokens, and what stood at its end is lost. Do less in one answer: one file at a time, and large files in parts.';

interface Progress {
  readonly turns: readonly Turn[];
  readonly used: Used;
  readonly seen: ReadonlyMap<string, number>;
  readonly changes: number;
  readonly wrongAnswers: readonly string[];
  readonly idle: number;
  readonly overtime: number;
}

const BEGINNING: Progress = {
  turns: [],
  used: NOTHING_USED,
  seen: new Map(),
  changes: 0,
  wrongAnswers: [],
  idle: 0,
  overtime: 0,
};

/** What comes next after these entries. */
export function nextOf(entries: readonly ConversationEntry[], bounds: Bounds): Next {
  const progress = entries.reduce((before, entry) => follow(before, entry, bounds), BEGINNING);
  const last = progress.turns.at(-1);
  if (last === undefined) return { type: 'ask', turns: [] };
  const accepted = last.outcomes.find(({ answer }) => answer !== undefined);
  if (accepted?.answer !== undefined) return { type: 'done', answer: accepted.answer };
  if (progress.wrongAnswers.length > WRONG_ANSWERS)
    return { type: 'failed', cause: `also after it was told so: ${progress.wrongAnswers.at(-1)}` };
  const call = last.calls[last.outcomes.length];
  if (call !== undefined) return { type: 'use', call, heldBack: reasonToHold(call, progress, bounds) };
  if (progress.idle > IDLE) return { type: 'failed', cause: 'it went on without a call and without an answer' };
  if (progress.overtime > OVERTIME) return { type: 'failed', cause: 'it handed in none when its bounds were met' };
  return { type: 'ask', turns: progress.turns };
}

function follow(before: Progress, entry: ConversationEntry, bounds: Bounds): Progress {
  const used = useOf(before.used, entry);
  const near = newlyNear(before.used, used, bounds).map((name) => nearNote(name, used, bounds));
  switch (entry.kind) {
    case 'answer':
      return answered({ ...before, used }, entry, near, bounds);
    case 'outcome':
      return cameOf({ ...before, used }, entry, near, bounds);
    case 'opening':
    case 'documents':
    case 'cut':
    case 'failure':
      return { ...before, used };
  }
}

function answered(before: Progress, answer: AnswerEntry, near: readonly string[], bounds: Bounds): Progress {
  const calls = answer.calls.length > 0 ? answer.calls : textAsCall(answer);
  const isOver = before.turns.length > 0 && metBound(useBefore(before.used, answer), bounds) !== null;
  const isIdle = calls.length === 0;
  const notes = [
    ...(answer.stopReason === 'max_tokens' ? [CUT_NOTE] : []),
    ...(isIdle && answer.stopReason !== 'max_tokens' ? [IDLE_NOTE] : []),
    ...near,
    ...(isIdle ? metNotes(before.used, bounds) : []),
  ];
  return {
    ...before,
    turns: [...before.turns, { answer, calls, outcomes: [], notes }],
    idle: isIdle ? before.idle + 1 : 0,
    overtime: isOver ? before.overtime + 1 : before.overtime,
  };
}

/** Whether the answer was asked for when a bound was met already: its own use does not count. */
const useBefore = (used: Used, answer: AnswerEntry): Used => ({
  ...used,
  modelCalls: used.modelCalls - 1,
  tokens:
    used.tokens -
    answer.usage.inputTokens -
    answer.usage.outputTokens -
    answer.usage.cacheReadTokens -
    answer.usage.cacheWriteTokens,
  workMs: used.workMs - answer.tookMs,
});

/** A model that gives its answer as text, as one without tools would, has given it. */
function textAsCall({ text, stopReason }: AnswerEntry): readonly ToolCall[] {
  if (stopReason === 'max_tokens') return [];
  const json = parseJson(text);
  const isObject = json.ok && typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value);
  return isObject ? [{ id: TEXT_CALL, name: FINISH, input: JSON.parse(JSON.stringify(json.value)) }] : [];
}

function cameOf(before: Progress, outcome: OutcomeEntry, near: readonly string[], bounds: Bounds): Progress {
  const turn = before.turns.at(-1);
  const call = turn?.calls[turn.outcomes.length];
  if (turn === undefined || call === undefined) return before;
  const outcomes = [...turn.outcomes, outcome];
  const isLast = outcomes.length === turn.calls.length;
  const notes = [...turn.notes, ...near, ...(isLast ? metNotes(before.used, bounds) : [])];
  const isWrong = call.name === FINISH && outcome.isError;
  const key = keyOf(call, before.changes);
  return {
    ...before,
    turns: [...before.turns.slice(0, -1), { ...turn, outcomes, notes }],
    seen: new Map(before.seen).set(key, (before.seen.get(key) ?? 0) + 1),
    changes: before.changes + outcome.changes.length,
    wrongAnswers: isWrong ? [...before.wrongAnswers, outcome.text] : before.wrongAnswers,
  };
}

function metNotes(used: Used, bounds: Bounds): readonly string[] {
  const met = metBound(used, bounds);
  return met === null ? [] : [metNote(met, bounds)];
}

function reasonToHold(call: ToolCall, { used, seen, changes }: Progress, bounds: Bounds): string | null {
  if (call.name === FINISH) return null;
  const met = metBound(used, bounds);
  if (met !== null) return metNote(met, bounds);
  if ((seen.get(keyOf(call, changes)) ?? 0) < SAME_CALLS) return null;
  return 'You have made this very call before, no file has changed since, and it would give the same. Use what it gave, or do something else.';
}

const keyOf = ({ name, input }: ToolCall, changes: number): string => JSON.stringify([name, input, changes]);
