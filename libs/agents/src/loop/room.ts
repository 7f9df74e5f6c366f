import type { ConversationEntry } from '@baton/contracts';
import { CONTEXT_LIMIT, type ModelRequest, OFFLINE_MODEL } from '@baton/llm';
import type { ConverseContext } from './converse-context.js';

/*
 * How much of what tools said a conversation may hold, in characters. What a model can hold bounds it, as far as anybody says;
 * where nobody does, or said too much, the server refuses what is too long, and the conversation goes on with half of it. The
 * refusals stand in the journal, so a task that comes again knows of them.
 */

/** Whatever a model can hold: more is sent, and paid, with every answer. */
const MOST_CHARACTERS = 400_000;
/** Of what a model can hold: the rest is for its answers, and for what was reckoned wrong. */
const SHARE = 0.6;
/** Of most texts there is more in a token. */
const CHARACTERS_PER_TOKEN = 3;
/** Less is of no use, whatever the opening takes. */
const LEAST_CHARACTERS = 4_000;
/** So often half of it is tried. */
const MOST_REFUSALS = 5;

export interface Room {
  readonly characters: number;
  /** Whether also the newest outcomes have to fit: what a model can hold is known, or was met. */
  readonly isStrict: boolean;
}

export async function roomFor(
  { contextTokens, signal }: Pick<ConverseContext, 'contextTokens' | 'signal'>,
  { model, system, prompt, tools = [] }: ModelRequest,
  entries: readonly ConversationEntry[],
): Promise<Room> {
  const holds = model === OFFLINE_MODEL ? null : ((await contextTokens?.(model, signal)) ?? null);
  const opening = system.length + prompt.length + JSON.stringify(tools).length;
  const most = holds === null ? MOST_CHARACTERS : holds * SHARE * CHARACTERS_PER_TOKEN - opening;
  const known = Math.min(MOST_CHARACTERS, Math.max(LEAST_CHARACTERS, most));
  return { characters: Math.floor(afterRefusals(known, entries)), isStrict: holds !== null || entries.some(isTooLong) };
}

/** Half of what was held, or might have been, each time that it was too much. */
function afterRefusals(known: number, entries: readonly ConversationEntry[]): number {
  let room = known;
  let held = 0;
  for (const entry of entries) {
    if (entry.kind === 'outcome') held += entry.text.length;
    if (isTooLong(entry)) room = Math.min(room, held) / 2;
  }
  return room;
}

/** Whether there is something left that need not be sent, when a request was too long. */
export const hasLessToSay = (entries: readonly ConversationEntry[]): boolean =>
  entries.some(({ kind }) => kind === 'outcome') && entries.filter(isTooLong).length < MOST_REFUSALS;

/** Whether a call broke off because all of it was too long. */
export const isTooLong = (entry: ConversationEntry): boolean => entry.kind === 'cut' && entry.code === CONTEXT_LIMIT;
