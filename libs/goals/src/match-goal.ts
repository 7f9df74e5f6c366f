import type { JsonObject } from '@baton/asl';
import type { ComposedStep, Composition, GoalCatalog, GoalMatch, GoalPart } from '@baton/contracts';
import { aboutInput } from './about-input.js';
import type { Before } from './fill-arguments.js';
import { findCondition } from './find-condition.js';
import { type GoalPiece, holdsCondition, joinedIn, piecesOfGoal } from './goal-pieces.js';
import { namedInGoal } from './goal-words.js';
import { type Known, matchPart } from './match-part.js';
import { missingNamed } from './missing-worker.js';
import { nameFor, STATES_OF_ALL } from './name-for.js';
import { type Candidate, candidatesOf, rarityIn } from './score.js';

/*
 * Which workers and workflows serve a goal, without asking anybody: the words of the goal are held against their names, titles,
 * descriptions and what they take; its words of order, side and condition make the shape. Pure, and every point of a score is
 * explained.
 */

const MOST_NEAREST = 3;

/** @param input what the goal is about, by name */
export function matchGoal(goal: string, input: JsonObject, catalog: GoalCatalog): GoalMatch {
  const about = aboutInput(input);
  const candidates = candidatesOf(catalog);
  const known = { candidates, rarity: rarityIn(candidates) };
  const nearest = nearestTo(goal, input, known);
  const absent = missingNamed(namedInGoal(goal), catalog);
  if (absent.length > 0) {
    const because = `The goal names ${absent.map(({ kind }) => kind).join(', ')}, and no such worker or workflow is there.`;
    return { verdict: 'missing', because, parts: [], nearest, about, composition: nothing(absent, because) };
  }
  const matching = new Matching(input, known);
  for (const unit of unitsOf(piecesOfGoal(goal))) matching.take(unit);
  const { parts, steps } = matching;
  const open = parts.filter(({ verdict, way }) => verdict !== 'clear' || (way?.says != null && way.when === null));
  if (open.length > 0) {
    const because = open.map(whyOpen).join(' ');
    return { verdict: 'unclear', because, parts, nearest, about, composition: null };
  }
  const because = parts.map(({ because: why }) => why).join(' ');
  const title = titleOf(steps, candidates);
  const composition = { title, why: because.slice(0, 2_000), steps: [...steps], missing: [] };
  return { verdict: 'clear', because, parts, nearest, about, composition };
}

const whyOpen = ({ verdict, because, way }: GoalPart): string =>
  verdict === 'clear' ? `What is meant by ${JSON.stringify(`if ${way?.says}`)} no program can tell.` : because;

/** Neighbours that are done side by side, or under one choice, or a piece alone. */
function unitsOf(pieces: readonly GoalPiece[]): readonly (readonly GoalPiece[])[] {
  const units: GoalPiece[][] = [];
  for (const piece of pieces) {
    const last = units.at(-1)?.at(-1);
    const isWith =
      last !== undefined &&
      ((piece.way !== null && last.way?.choice === piece.way.choice) ||
        (piece.beside !== null && last.beside === piece.beside));
    if (isWith) units.at(-1)?.push(piece);
    else units.push([piece]);
  }
  return units;
}

interface LastChoice {
  readonly choice: string;
  readonly before: readonly Before[];
  readonly conditions: readonly Condition[];
}

type Condition = ReturnType<typeof findCondition>;

const excludes = (conditions: readonly Condition[], other: Condition | undefined): boolean =>
  other?.is === 'equal' &&
  conditions.every(
    (each) =>
      each?.is === 'equal' && each.from === other.from && each.value === other.value && each.than !== other.than,
  );

const whenOf = (choice: string, condition: Condition | undefined) =>
  condition == null ? null : { choice, ...condition };

const OF_WHICH = 'Of which of the conditions before it "otherwise" is the other way no program can tell.';

const unclear = (part: GoalPart, because: string): GoalPart =>
  part.verdict === 'none' ? part : { ...part, verdict: 'unclear', because };

class Matching {
  readonly parts: GoalPart[] = [];
  readonly steps: ComposedStep[] = [];
  #before: readonly Before[] = [];
  readonly #taken = new Set<string>(STATES_OF_ALL);
  /** The choice right before, where no `otherwise` ends it. */
  #lastChoice: LastChoice | null = null;

  constructor(
    private readonly input: JsonObject,
    private readonly known: Known,
  ) {}

  take(unit: readonly GoalPiece[]): void {
    const [first] = unit;
    if (first === undefined) return;
    if (first.way !== null) {
      this.#choose(unit);
      return;
    }
    this.#lastChoice = null;
    if (first.beside !== null) this.#sideBySide(unit.map(({ text }) => text));
    else this.#one(first.text);
  }

  /** A piece by itself; where it is not clear as a whole, and `and` joins several that are, those side by side. */
  #one(text: string): void {
    const part = this.#match(text, this.#before);
    const joined = part.verdict === 'clear' ? [] : joinedIn(text);
    const each = joined.length < 2 ? [] : joined.map((one) => this.#match(one, this.#before));
    const uses = new Set(each.map(({ candidates: [best] }) => best?.use));
    const areClear = each.length > 1 && each.every(({ verdict }) => verdict === 'clear') && uses.size === each.length;
    if (areClear) this.#sideBySide(joined);
    else {
      const made = this.#step(part);
      if (made !== null) this.#before = [...this.#before, made];
    }
  }

  #sideBySide(texts: readonly string[]): void {
    if (texts.length < 2) {
      for (const text of texts) this.#one(text);
      return;
    }
    const beside = this.#free('SideBySide');
    const made = texts.flatMap((text) => {
      const before = this.#step({ ...this.#match(text, this.#before), beside });
      return before === null ? [] : [before];
    });
    const properties = Object.fromEntries(made.map(({ name, output }) => [name, output ?? {}]));
    const whole = { name: beside, output: { type: 'object', properties } };
    this.#before = [...this.#before, ...made, whole];
  }

  /** Each way sees what was before the choice, and what comes before it on the way. */
  #choose(unit: readonly GoalPiece[]): void {
    const last = this.#lastChoice;
    const found = unit.map(({ way }) => this.#condition(way));
    // Two values of one member exclude one another, so an `if` after another is a way of the same choice.
    const same = last !== null && excludes(last.conditions, found[0]) ? last : null;
    const choice = same?.choice ?? this.#free('Choice');
    const before = same?.before ?? this.#before;
    const isOfWhich = last !== null && same === null && unit[0]?.way?.isAnew !== true;
    let said: string | null | undefined;
    let onWay = before;
    for (const [at, { text, way }] of unit.entries()) {
      if (way === null) continue;
      if (way.says !== said) onWay = before;
      said = way.says;
      const when = whenOf(choice, found[at]);
      const part = { ...this.#match(text, onWay), way: { choice, says: way.says, when } };
      const made = this.#step(isOfWhich && way.says === null ? unclear(part, OF_WHICH) : part);
      if (made !== null) onWay = [...onWay, made];
    }
    this.#before = [...before, { name: choice, output: null }];
    const hasOtherwise = unit.some(({ way }) => way?.says === null);
    const conditions = [...(same?.conditions ?? []), ...found];
    this.#lastChoice = hasOtherwise ? null : { choice, before, conditions };
  }

  #condition(way: GoalPiece['way']): Condition {
    if (way === null) return null;
    return way.says === null ? OTHERWISE : findCondition(way.says, { input: this.input, before: this.#before });
  }

  #match(text: string, before: readonly Before[]): GoalPart {
    const part = matchPart({ text, input: this.input, before }, this.known);
    return holdsCondition(text) ? unclear(part, `When ${JSON.stringify(text)} is done no program can tell.`) : part;
  }

  /** What a part adds to what there is; null where nothing can be called for it. */
  #step(part: GoalPart): Before | null {
    const best = part.candidates.find(({ arguments: args }) => args !== null);
    if (best === undefined || best.arguments === null) {
      this.parts.push(part);
      return null;
    }
    const name = this.#free(nameFor(best.use));
    const { use, arguments: args, each } = best;
    this.parts.push({ ...part, step: name });
    this.steps.push({
      ...{ name, does: part.text.slice(0, 300), use, arguments: args },
      ...(part.beside === undefined ? {} : { beside: part.beside }),
      ...(each === undefined ? {} : { each }),
      ...(part.way?.when == null ? {} : { when: part.way.when }),
    });
    const output = this.known.candidates.find((candidate) => candidate.use === use)?.output ?? null;
    return { name, output, isList: each !== undefined };
  }

  #free(base: string): string {
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? base : `${base}${count}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

const OTHERWISE = { is: 'otherwise', from: 'step', value: '', than: '' } as const;

/** For those who are told that nothing serves it. */
const nearestTo = (text: string, input: JsonObject, known: Known): string[] =>
  matchPart({ text, input, before: [] }, known)
    .candidates.slice(0, MOST_NEAREST)
    .map(({ use }) => use);

const titleOf = (steps: readonly ComposedStep[], candidates: readonly Candidate[]): string =>
  steps
    .map(({ use }) => candidates.find((each) => each.use === use)?.title ?? use)
    .join(steps.some(({ beside, when }) => beside !== undefined || when !== undefined) ? ', ' : ', then ')
    .slice(0, 120);

const nothing = (missing: Composition['missing'], why: string): Composition => ({
  title: 'Nothing',
  why: why.slice(0, 2_000),
  steps: [],
  missing,
});
