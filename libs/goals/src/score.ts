import { isJsonObject, type JsonObject } from '@baton/asl';
import { type GoalCandidate, type GoalCatalog, withoutSaidModel } from '@baton/contracts';
import { membersOf } from './fill-arguments.js';
import { goalWords, wordsOfName } from './goal-words.js';

type Place = GoalCandidate['reasons'][number]['in'];

/** What might serve a part of a goal. */
export interface Candidate {
  readonly use: string;
  readonly title: string;
  readonly input: JsonObject | null;
  readonly output: JsonObject | null;
  /** Each word with the most telling place that it stands in. */
  readonly words: ReadonlyMap<string, Place>;
  /** Why it cannot be used at all, whatever it is given. */
  readonly lacks: readonly string[];
}

/** How much a word says where it stands. */
const COUNTS: Readonly<Record<Place, number>> = { name: 3, title: 2, description: 1, input: 0.5 };

/** They decide, and act in the world, at the bidding of a run that a person has looked at: never by a composition. */
export const NEVER_COMPOSED: ReadonlySet<string> = new Set(['advisor', 'deployer', 'http', 'map-items']);

/** All that may be composed, in the order of their names. */
export function candidatesOf({ workers, workflows }: GoalCatalog): readonly Candidate[] {
  const ofWorkers = workers
    .filter(({ kind }) => !NEVER_COMPOSED.has(kind))
    .map(({ kind, description, input, output, isAlive }): Candidate => {
      const lacks = [
        ...(isAlive ? [] : [`no worker of the kind ${kind} takes tasks at the moment`]),
        ...(input === null ? [`the worker ${kind} does not say what it takes`] : []),
      ];
      const title = kind.replaceAll('-', ' ');
      return {
        use: `worker:${kind}`,
        title,
        input,
        output,
        lacks,
        // Which model a worker asks says nothing of what it does.
        words: wordsIn(kind, '', withoutSaidModel(description), input),
      };
    });
  const ofWorkflows = workflows.map(({ ref, title, description, input, lacksWorkers }): Candidate => {
    const name = ref.split('@')[0] ?? '';
    const lacks = lacksWorkers.map((kind) => `no worker of the kind ${kind} takes tasks at the moment`);
    const words = wordsIn(name, title, description, input);
    return { use: `workflow:${ref}`, title, input: input ?? {}, output: null, lacks, words };
  });
  return [...ofWorkers, ...ofWorkflows].sort((a, b) => (a.use < b.use ? -1 : 1));
}

function wordsIn(
  name: string,
  title: string,
  description: string,
  input: JsonObject | null,
): ReadonlyMap<string, Place> {
  const words = new Map<string, Place>();
  const put = (place: Place, found: readonly string[]): void => {
    for (const word of found) words.set(word, words.get(word) ?? place);
  };
  put('name', goalWords(name.replaceAll('-', ' ')));
  put('title', goalWords(title));
  put('description', goalWords(description));
  for (const [member, schema] of input === null ? [] : membersOf(input)) {
    put('input', wordsOfName(member));
    if (isJsonObject(schema) && typeof schema.description === 'string') put('input', goalWords(schema.description));
  }
  return words;
}

/** Word → what share of a point it is worth: one that every candidate has tells none from another. */
export function rarityIn(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of candidates) for (const word of words.keys()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].map(([word, count]) => [word, 1 / Math.sqrt(count)]));
}

/** Rounded, so that it reads as it is compared. */
const rounded = (value: number): number => Math.round(value * 100) / 100;

export function scoreOf(
  text: string,
  { words }: Candidate,
  rarity: ReadonlyMap<string, number>,
): Pick<GoalCandidate, 'score' | 'reasons'> {
  const reasons = goalWords(text).flatMap((word) => {
    const place = words.get(word);
    if (place === undefined) return [];
    return [{ word, in: place, counts: rounded(COUNTS[place] * (rarity.get(word) ?? 1)) }];
  });
  return { score: rounded(reasons.reduce((sum, { counts }) => sum + counts, 0)), reasons };
}
