import { Composition, GoalMatch, type StepCondition } from '@baton/contracts';
import { z } from 'zod';
import { tellingWords } from '../words.js';
import { missingFor } from './missing-for.js';

/** What the template `goal_compose` is filled with, of which the offline model reads this. */
export const ComposeSteps = z.looseObject({ goal: z.string(), input: z.unknown(), matches: GoalMatch });

type Asked = z.output<typeof ComposeSteps>;
type Part = GoalMatch['parts'][number];
type Step = Composition['steps'][number];

/** Of a word in a description that nothing else has, and of a name that nothing else has. */
const LEAST_SCORE = 1;
const SURE_SCORE = 3;
/** So much of what is wanted has to be in the words of whoever does it. */
const LEAST_SHARE = 1 / 3;

/**
 * The best of what the program matched for each part of the goal, where that can be called at all, in the shape that the words of the
 * goal have; where no program can tell whether a condition holds, a step asks. It understands nothing: where no word of a part is one
 * of a worker's, it says that a worker for it is missing.
 */
export function composeSteps(asked: Asked): Composition {
  const { goal, matches } = asked;
  const steps: Step[] = [];
  const missing: Composition['missing'] = [];
  const deciding = new Map<string, StepCondition>();
  for (const part of matches.parts) {
    const best = bestOf(part);
    if (best === null) {
      missing.push(missingFor(part.text, part.candidates));
      continue;
    }
    steps.push(...decisionsBefore(part, asked, { steps, deciding }));
    const when = part.way === undefined ? undefined : (part.way.when ?? deciding.get(keyOf(part.way)));
    steps.push({
      ...{ name: part.step ?? freeName('Step', asked, steps), does: part.text.slice(0, 300) },
      ...{ use: best.use, arguments: best.arguments ?? [] },
      ...(part.beside === undefined ? {} : { beside: part.beside }),
      ...(best.each === undefined ? {} : { each: best.each }),
      ...(when === undefined ? {} : { when }),
    });
  }
  if (matches.parts.length === 0) missing.push(missingFor(goal, []));
  const why =
    missing.length > 0
      ? 'The offline model compares words alone, and for these none fits.'
      : `The offline model took what shares most words: ${steps.map(({ use }) => use).join(', ')}.`;
  const title = steps.map(({ use }) => use.replace(/^\w+:/, '').replace(/@.*/, '')).join(', then ');
  return { title: title.slice(0, 120) || 'Nothing', why, steps: missing.length > 0 ? [] : steps, missing };
}

function bestOf({ text, candidates }: Part): Part['candidates'][number] | null {
  const words = tellingWords(text).size;
  const best = candidates.find(({ arguments: args }) => args !== null);
  if (best === undefined || best.score < LEAST_SCORE) return null;
  return best.score >= SURE_SCORE || best.reasons.length >= words * LEAST_SHARE ? best : null;
}

const keyOf = ({ choice, says }: NonNullable<Part['way']>): string => `${choice} ${says}`;

interface SoFar {
  readonly steps: readonly Step[];
  readonly deciding: Map<string, StepCondition>;
}

/** Before the first way of a choice: a question for each of its conditions that no program can tell. */
function decisionsBefore({ way }: Part, asked: Asked, { steps, deciding }: SoFar): readonly Step[] {
  if (way === undefined) return [];
  const made: Step[] = [];
  for (const other of asked.matches.parts) {
    if (other.way?.choice !== way.choice || other.way.says === null || other.way.when !== null) continue;
    if (deciding.has(keyOf(other.way))) continue;
    const name = freeName('Decide', asked, [...steps, ...made]);
    const last = steps.at(-1);
    // A step on a way may not have been done; the choice has the result of the one that was.
    made.push(decision(name, other.way.says, last?.when?.choice ?? last?.name));
    deciding.set(keyOf(other.way), {
      choice: way.choice,
      is: 'equal',
      from: 'step',
      value: `${name}.holds`,
      than: 'true',
    });
  }
  return made;
}

/** The condition stands in the question, and what it is about in the variables: of these the offline model answers. */
function decision(name: string, says: string, before: string | undefined): Step {
  const output = {
    type: 'object',
    required: ['holds'],
    additionalProperties: false,
    properties: { holds: { type: 'boolean', description: says } },
  };
  const about = before === undefined ? '' : '\n\n{{before}}';
  // Doubled braces are places for variables, and what the goal says is none.
  const condition = says.replaceAll('{{', '{ {');
  return {
    name,
    does: `Decides whether ${says}`.slice(0, 300),
    use: 'worker:prompt',
    arguments: [
      { name: 'prompt', from: 'text', value: `Does this hold: ${condition}?\n\n{{about}}${about}` },
      { name: 'variables.about', from: 'input', value: '' },
      ...(before === undefined ? [] : [{ name: 'variables.before', from: 'step' as const, value: before }]),
      { name: 'output', from: 'json', value: JSON.stringify(output) },
    ],
  };
}

function freeName(base: string, { matches }: Asked, steps: readonly Step[]): string {
  const taken = new Set([...matches.parts.map(({ step }) => step), ...steps.map(({ name }) => name)]);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base}${count}`;
    if (!taken.has(name)) return name;
  }
}
