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
  readonly way: {
    readonly choice: number;
    readonly says: string | null;
    /** Its `if` begins a sentence: an `otherwise` after it is that of no `if` before. */
    readonly isAnew?: boolean;
  } | null;
}

const MOST_PIECES = 8;

type Kind = 'then' | 'if' | 'otherwise' | 'beside';

/** `see if it works` is no condition; `print it out if it works` is one. */
const NO_CONDITION_AFTER =
  '(?<!\\b(?:check|checks|see|verify|test|know|ask|decide|determine|say|look|even|as|what|wonder|(?:tell|show|ask)(?: me| us)?|(?:find|figure|work|check) out) )';
const IF = '(?:(?:only )?if|only when|in case(?! of\\b)|(?:only )?as long as|provided that)';
/** Within a sentence without an `and` they may say how one thing is done: `research it in parallel`. */
const SIDES = '(?:at the same time|in parallel|side by side|simultaneously|meanwhile)';
const SEPARATOR = new RegExp(
  [
    '(?<otherwise>\\b(?:or else|otherwise|if not(?=,| then\\b)|else)\\b,?)',
    // A comma between digits ends no condition: `1,000`. Neither does a sentence go on in the next.
    `${NO_CONDITION_AFTER}\\b(?:and )?${IF} (?<says>(?:[^,;:\\n]|(?<=\\d),(?=\\d)){1,200}?)(?:, then\\b,?|,(?!(?<=\\d,)\\d)| then\\b,?|:|(?=[.!?](?: |$))|(?=[.!?]? ?(?:;|\\n|$))|(?= otherwise\\b)|(?= else\\b))`,
    `(?<beside>\\band ${SIDES}\\b,?|\\b(?:at the same time|meanwhile)\\b,?|^${SIDES}\\b,?|\\b${SIDES}\\b(?=[.!]? ?(?:;|\\n|$)))`,
    '(?<then>[;\\n]|->|→|⟶|\\b(?:and )?(?:then|after that|afterwards|and finally)\\b,?)',
  ].join('|'),
  'giu',
);

/** What is left of a condition in a piece, or says one that is no `if`. */
const HOLDS_CONDITION = new RegExp(
  `${NO_CONDITION_AFTER}\\bif\\b|\\b(?:the|an?|this|that|each|every|all|one|any) (?:tests?|checks?|look) if\\b|\\b(?:unless|when|whenever|until|while|except|otherwise|or else|only (?:for|in|with|where)|depending|provided|providing|as long as|in case|once (?:it|the|there|they|that|this))\\b`,
  'iu',
);

/** A piece that is done under a condition which no way of a choice says. What is quoted is not said of it. */
export const holdsCondition = (text: string): boolean =>
  HOLDS_CONDITION.test(text.replaceAll(/"[^"]*"|“[^”]*”/gu, ' '));

interface Cut {
  readonly kind: Kind;
  /** The words that cut. */
  readonly mark: string;
  readonly says: string;
  readonly text: string;
  /** It begins a clause, so it is for what comes after it. */
  readonly isFirst: boolean;
  readonly isAnew: boolean;
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
  let next: Omit<Cut, 'text'> = { kind: 'then', mark: '', says: '', isFirst: true, isAnew: true };
  let from = 0;
  let hasCondition = false;
  for (const found of text.matchAll(SEPARATOR)) {
    const groups = found.groups ?? {};
    hasCondition ||= groups.says !== undefined;
    // `anything else` is no way of a choice where there is none.
    if (groups.otherwise !== undefined && !hasCondition) continue;
    const between = text.slice(from, found.index).trimEnd();
    cuts.push({ ...next, text: bare(between) });
    from = found.index + found[0].length;
    next = cutAt(found, between, next);
    // What the next sentence says is under no condition of this one.
    if (next.kind === 'if' && /^[.!?] /u.test(text.slice(from, from + 2))) {
      cuts.push({ ...next, text: '' });
      next = { kind: 'then', mark: '.', says: '', isFirst: true, isAnew: true };
      from += 1;
    }
  }
  cuts.push({ ...next, text: bare(text.slice(from)) });
  return cuts;
}

function cutAt(found: RegExpMatchArray, between: string, before: Omit<Cut, 'text'>): Omit<Cut, 'text'> {
  const { says, otherwise, beside } = found.groups ?? {};
  return {
    kind: says !== undefined ? 'if' : otherwise ? 'otherwise' : beside ? 'beside' : 'then',
    mark: bare(found[0]),
    says: says?.trim() ?? '',
    isFirst: between === '' || /[.!?,:-]$|\band$/iu.test(between) || /^and /iu.test(found[0]),
    isAnew: between === '' ? before.kind === 'then' && before.mark !== ';' : /[.!?]$/u.test(between),
  };
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
    const { kind, text, mark } = cut;
    if (kind === 'if' && !isOfSameChoice(cuts[at - 1])) choice += 1;
    way = wayAt(cuts, at, way, choice);
    const before = made.at(-1);
    if (kind === 'if' && before !== undefined && isAfterwards(cut, cuts[at - 1])) {
      // `translate it if it is long`: what stands before is done then. Where more stands around it, its reach is nobody's to guess.
      const isPlain = text === '' && before.way === null && !/[.!?]\s/u.test(before.text);
      made[made.length - 1] = isPlain ? { ...before, way } : { ...before, text: `${before.text} if ${cut.says}` };
    } else if (kind === 'if' && text === '') {
      made.push({ text: `if ${cut.says}`, beside: null, way: null, isBeside: false, mark });
      return;
    }
    if (text !== '' || kind === 'beside') made.push({ text, beside: null, way, isBeside: kind === 'beside', mark });
  });
  return made;
}

/** An `if` right after the words of a piece. */
const isAfterwards = ({ text, isFirst }: Cut, before: Cut | undefined): boolean =>
  before !== undefined && before.text !== '' && (text === '' || !isFirst);

/** `otherwise, if …`. Another `if` is another choice, whatever stands before it. */
const isOfSameChoice = (before: Cut | undefined): boolean => before?.kind === 'otherwise' && before.text === '';

function wayAt(cuts: readonly Cut[], at: number, way: WayOfPiece, choice: number): WayOfPiece {
  const cut = cuts[at];
  if (cut?.kind === 'if') return { choice, says: cut.says, isAnew: cut.isAnew };
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
