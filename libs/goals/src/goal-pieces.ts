import { goalWords } from './goal-words.js';

/*
 * A goal as the pieces that its words put in an order: one after the other (`then`), side by side (`at the same time`), under a
 * condition (`if …, … otherwise …`). Each piece is served by itself. No expression here tries a length twice from one place.
 */

export interface GoalPiece {
  readonly text: string;
  /** Pieces of the same number are done side by side. */
  readonly beside: number | null;
  /** The choice that it is a way of, and under which condition; null for the way that is gone otherwise. */
  readonly way: { readonly choice: number; readonly says: string | null } | null;
}

const MOST_PIECES = 8;

type Kind = 'then' | 'if' | 'otherwise' | 'beside';

/** `see if it works` is no condition. */
const NO_CONDITION_AFTER =
  '(?<!\\b(?:check|checks|see|tell|me|us|out|verify|test|know|ask|decide|determine|say|look|even|as|what|only|wonder) )';
/** Within a sentence without an `and` they may say how one thing is done: `research it in parallel`. */
const SIDES = '(?:at the same time|in parallel|side by side|simultaneously|meanwhile)';
const SEPARATOR = new RegExp(
  [
    '(?<otherwise>\\b(?:or else|otherwise|if not|else)\\b,?)',
    `${NO_CONDITION_AFTER}\\b(?:and )?if (?<says>[^,;:\\n]{1,200}?)(?:, then\\b,?|,| then\\b,?|:|(?=[.!]? ?(?:;|\\n|$))|(?= otherwise\\b)|(?= else\\b))`,
    `(?<beside>\\band ${SIDES}\\b,?|\\b(?:at the same time|meanwhile)\\b,?|^${SIDES}\\b,?|\\b${SIDES}\\b(?=[.!]? ?(?:;|\\n|$)))`,
    '(?<then>[;\\n]|->|→|⟶|\\b(?:and )?(?:then|after that|afterwards|and finally)\\b,?)',
  ].join('|'),
  'giu',
);

interface Cut {
  readonly kind: Kind;
  /** The words that cut. */
  readonly mark: string;
  readonly says: string;
  readonly text: string;
}

/** A goal that has no such words, or too many, is one piece. */
export function piecesOfGoal(goal: string): readonly GoalPiece[] {
  const cuts = cutsOf(goal.replace(/[^\S\n]+/gu, ' '));
  const pieces = besideOf(placed(cuts)).filter(({ text }) => goalWords(text).length > 0);
  return pieces.length === 0 || pieces.length > MOST_PIECES ? [{ text: goal, beside: null, way: null }] : pieces;
}

/** `translate it and count its words` as two; what is listed with commas as well. */
export function joinedIn(text: string): readonly string[] {
  const found = text
    .split(/, and | and |, | & /iu)
    .map(bare)
    .filter((part) => goalWords(part).length > 0);
  return found.length > MOST_PIECES ? [text] : found;
}

function cutsOf(text: string): readonly Cut[] {
  const cuts: Cut[] = [];
  let kind: Kind = 'then';
  let [says, mark] = ['', ''];
  let from = 0;
  let hasCondition = false;
  for (const found of text.matchAll(SEPARATOR)) {
    const groups = found.groups ?? {};
    hasCondition ||= groups.says !== undefined;
    // `anything else` is no way of a choice where there is none.
    if (groups.otherwise !== undefined && !hasCondition) continue;
    cuts.push({ kind, mark, says, text: bare(text.slice(from, found.index)) });
    mark = bare(found[0]);
    says = groups.says?.trim() ?? '';
    kind = groups.says !== undefined ? 'if' : groups.otherwise ? 'otherwise' : groups.beside ? 'beside' : 'then';
    from = found.index + found[0].length;
  }
  cuts.push({ kind, mark, says, text: bare(text.slice(from)) });
  return cuts;
}

const EDGE = /^(?:[\s,.!]|and\b|but\b)$/iu;

/** Without the signs and the `and` at its ends. */
function bare(text: string): string {
  let said = text.trim();
  for (;;) {
    const [first = '', last = ''] = [said.slice(0, said.search(/\s|$/)), said.slice(said.lastIndexOf(' ') + 1)];
    if (said !== '' && EDGE.test(said.slice(0, 1))) said = said.slice(1).trim();
    else if (said !== '' && EDGE.test(said.slice(-1))) said = said.slice(0, -1).trim();
    else if (first !== said && EDGE.test(first)) said = said.slice(first.length).trim();
    else if (last !== said && EDGE.test(last)) said = said.slice(0, -last.length).trim();
    else return said;
  }
}

type Placed = GoalPiece & { readonly isBeside: boolean; readonly mark: string };
type WayOfPiece = GoalPiece['way'];

/** Which way of which choice each piece is. `then` between `if` and `otherwise` stays on its way; after that, it leads out of the choice. */
function placed(cuts: readonly Cut[]): readonly Placed[] {
  const made: Placed[] = [];
  let choice = 0;
  let way: WayOfPiece = null;
  cuts.forEach((cut, at) => {
    if (cut.kind === 'if' && !isOfSameChoice(cuts[at - 1], way)) choice += 1;
    way = wayAt(cuts, at, way, choice);
    const before = made.at(-1);
    // `translate it if it is long`: what stands before is done then.
    if (cut.kind === 'if' && cut.text === '' && before !== undefined && before.way === null) {
      made[made.length - 1] = { ...before, way };
    } else if (cut.text !== '' || cut.kind === 'beside') {
      made.push({ text: cut.text, beside: null, way, isBeside: cut.kind === 'beside', mark: cut.mark });
    }
  });
  return made;
}

/** `otherwise, if …`, and an `if` right after the way of another. */
const isOfSameChoice = (before: Cut | undefined, way: WayOfPiece): boolean =>
  before?.kind === 'otherwise' ? before.text === '' : way !== null && way.says !== null;

function wayAt(cuts: readonly Cut[], at: number, way: WayOfPiece, choice: number): WayOfPiece {
  const cut = cuts[at];
  if (cut?.kind === 'if') return { choice, says: cut.says };
  if (way === null) return null;
  if (cut?.kind === 'otherwise') return { choice, says: null };
  return cut?.kind === 'then' && !(way.says !== null && leadsToOtherwise(cuts, at)) ? null : way;
}

const leadsToOtherwise = (cuts: readonly Cut[], at: number): boolean =>
  cuts.slice(at).find(({ kind }) => kind === 'otherwise' || kind === 'if')?.kind === 'otherwise';

/** Sides: two pieces with such a word between them, or, where it stands at an end, what is listed in the other. */
function besideOf(pieces: readonly Placed[]): readonly GoalPiece[] {
  const made: GoalPiece[] = [];
  let group = 0;
  const listed = (text: string, whole: string): void => {
    const joined = joinedIn(text);
    // One thing has no side: then the words say how it is done.
    if (joined.length < 2) {
      made.push({ text: whole, beside: null, way: null });
      return;
    }
    group += 1;
    made.push(...joined.map((each) => ({ text: each, beside: group, way: null })));
  };
  for (const { text, way, isBeside, mark } of pieces) {
    const before = made.at(-1);
    if (!isBeside || way !== null || (before !== undefined && before.way !== null)) {
      if (text !== '') made.push({ text, beside: null, way });
    } else if (before === undefined) {
      listed(text, `${mark} ${text}`);
    } else if (text === '') {
      made.pop();
      listed(before.text, `${before.text} ${mark}`);
    } else {
      if (before.beside === null) {
        group += 1;
        made[made.length - 1] = { ...before, beside: group };
      }
      made.push({ text, beside: group, way });
    }
  }
  return made;
}
