import { createHash } from 'node:crypto';
import type { OutcomeEntry } from '@baton/contracts';
import type { Media, ModelTurn } from '@baton/llm';
import { TEXT_CALL, type Turn } from './progress.js';

/** What the outcomes of a conversation may hold together before old ones are dropped, in characters: some 100,000 tokens. */
const MOST_CHARACTERS = 400_000;

export interface Telling {
  /** Whether the text of such an outcome is of others. */
  readonly bringsData: (tool: string, isError: boolean) => boolean;
  /** What makes the marks of one task its own. */
  readonly salt: string;
  readonly mostCharacters?: number;
  /** What was shown beside texts, by its hash. */
  readonly media?: ReadonlyMap<string, Media>;
}

/**
 * The turns as the model is told them. When the outcomes grow past the bound, those of the oldest turns are dropped until
 * half of it is left, with a line each that says what was there: in large steps, so that what is left stays the same, and
 * in a cache, for many turns.
 */
export function tellTurns(turns: readonly Turn[], telling: Telling): readonly ModelTurn[] {
  const from = firstKept(turns, telling.mostCharacters ?? MOST_CHARACTERS);
  return turns.map((turn, index) => tellTurn(turn, index < from, telling));
}

function firstKept(turns: readonly Turn[], most: number): number {
  const sizes = turns.map(({ outcomes }) => outcomes.reduce((sum, each) => sum + sizeOf(each), 0));
  let from = 0;
  let held = 0;
  for (const [index, size] of sizes.entries()) {
    held += size;
    if (held <= most) continue;
    // The newest outcomes are what the model works with: they stay, whatever their size.
    for (; held > most / 2 && from < index; from += 1) held -= sizes[from] ?? 0;
  }
  return from;
}

/** In characters; an image takes as many tokens as a page of text or two, a page of a PDF as well. */
const sizeOf = ({ text, media = [] }: OutcomeEntry): number =>
  media.reduce(
    (sum, { mediaType, size }) =>
      sum + (mediaType === 'application/pdf' ? Math.min(200_000, Math.ceil(size / 5)) : 6_000),
    text.length,
  );

function tellTurn({ answer, calls, outcomes, notes }: Turn, isDropped: boolean, telling: Telling): ModelTurn {
  const told = outcomes.map(({ callId, text, isError, heldBack, media = [] }, index) => {
    const name = calls[index]?.name ?? '';
    if (isDropped && (text.length > 200 || media.length > 0))
      return {
        callId,
        text: `[${text.length} characters of an earlier ${name} were dropped; call it again for what you need]`,
        isError,
      };
    return {
      callId,
      text: telling.bringsData(name, isError) && heldBack === undefined ? asData(name, text, telling.salt) : text,
      isError,
      ...(media.length === 0 ? {} : { media: media.flatMap(({ sha256 }) => telling.media?.get(sha256) ?? []) }),
    };
  });
  // What answers a text is no outcome of a call.
  const ofText = told.filter(({ callId }) => callId === TEXT_CALL).map(({ text }) => text);
  const said = [...ofText, ...notes];
  return {
    content: answer.content,
    outcomes: told.filter(({ callId }) => callId !== TEXT_CALL),
    ...(said.length === 0 ? {} : { note: said.join('\n\n') }),
  };
}

/** Between marks with a code that the text does not hold, so that nothing in it ends the data. */
function asData(name: string, text: string, salt: string): string {
  for (let attempt = 0; ; attempt += 1) {
    const code = createHash('sha256').update(`${attempt}\0${salt}`).digest('hex').slice(0, 12);
    if (!text.includes(code)) return `BEGIN DATA ${name} ${code}\n${text}\nEND DATA ${name} ${code}`;
  }
}
