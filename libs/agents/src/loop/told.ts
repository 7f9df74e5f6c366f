import { createHash } from 'node:crypto';
import type { OutcomeEntry } from '@baton/contracts';
import type { Media, ModelTurn } from '@baton/llm';
import { TEXT_CALL, type Turn } from './progress.js';

export interface Telling {
  /** Whether the text of such an outcome is of others. */
  readonly bringsData: (tool: string, isError: boolean) => boolean;
  /** What makes the marks of one task its own. */
  readonly salt: string;
  /** What the outcomes may hold together, with what the model wrote into its calls, before old ones are dropped. */
  readonly mostCharacters: number;
  /** Whether the newest outcomes are cut where they alone are more. */
  readonly isStrict?: boolean;
  /** What was shown beside texts, by its hash. */
  readonly media?: ReadonlyMap<string, Media>;
}

/**
 * The turns as the model is told them. When the outcomes grow past the bound, those of the oldest turns are dropped until
 * half of it is left, with a line each that says what was there: in large steps, so that what is left stays the same, and
 * in a cache, for many turns.
 */
export function tellTurns(turns: readonly Turn[], telling: Telling): readonly ModelTurn[] {
  const from = firstKept(turns, telling.mostCharacters);
  const newest = turns.length - 1;
  return turns.map((turn, index) =>
    tellTurn(index === newest && telling.isStrict === true ? cutTo(turn, telling.mostCharacters) : turn, {
      ...telling,
      isDropped: index < from,
    }),
  );
}

function firstKept(turns: readonly Turn[], most: number): number {
  const sizes = turns.map(({ outcomes }) => outcomes.reduce((sum, each) => sum + sizeOf(each), 0));
  let from = 0;
  let held = 0;
  let written = 0;
  for (const [index, size] of sizes.entries()) {
    held += size;
    written += writtenIn(turns[index]);
    if (held + written <= most) continue;
    // The newest outcomes are what the model works with: they stay.
    for (; held > Math.max(0, most - written) / 2 && from < index; from += 1) held -= sizes[from] ?? 0;
  }
  return from;
}

/** What a model wrote into long calls, such as whole files: it is sent again, since nothing of an answer may be changed. */
const writtenIn = (turn: Turn | undefined): number =>
  (turn?.calls ?? []).reduce((sum, { input }) => {
    const size = JSON.stringify(input).length;
    return size > LONG_CHARACTERS ? sum + size : sum;
  }, 0);

/** The beginning of each outcome that is longer than its part of the room. */
function cutTo(turn: Turn, most: number): Turn {
  const size = turn.outcomes.reduce((sum, outcome) => sum + sizeOf(outcome), 0);
  if (size <= most) return turn;
  const part = Math.floor(most / turn.outcomes.length);
  const outcomes = turn.outcomes.map((outcome) => {
    const left = outcome.text.length - part;
    if (left <= 0) return outcome;
    const text = `${outcome.text.slice(0, part)}\n… [${left} characters more do not fit: ask for less at once]`;
    return { ...outcome, text };
  });
  return { ...turn, outcomes };
}

/** Shorter texts are left where they are: the line in their place would be as long. */
const LONG_CHARACTERS = 200;

/** In characters; an image takes as many tokens as a page of text or two, a page of a PDF as well. */
const sizeOf = ({ text, media = [] }: OutcomeEntry): number =>
  media.reduce(
    (sum, { mediaType, size }) =>
      sum + (mediaType === 'application/pdf' ? Math.min(200_000, Math.ceil(size / 5)) : 6_000),
    text.length,
  );

function tellTurn(
  { answer, calls, outcomes, notes }: Turn,
  { isDropped, ...telling }: Telling & { readonly isDropped: boolean },
): ModelTurn {
  const told = outcomes.map(({ callId, text, isError, heldBack, media = [] }, index) => {
    const name = calls[index]?.name ?? '';
    if (isDropped && (text.length > LONG_CHARACTERS || media.length > 0))
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
