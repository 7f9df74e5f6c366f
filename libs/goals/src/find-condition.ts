import { isJsonObject, type JsonObject } from '@baton/asl';
import type { StepCondition } from '@baton/contracts';
import { asOption, comparedAs } from './compared-as.js';
import { type ConditionText, conditionText } from './condition-text.js';
import { type Before, membersOf } from './fill-arguments.js';
import { goalWords, wordsOfName } from './goal-words.js';
import { typeOf } from './input-values.js';

/*
 * `there are more than 100 words`, held against what earlier steps give and what the input has: which member is meant, and whether its
 * type lets it be compared so. Null where that is not plain; then a model is asked.
 */

type Condition = Omit<StepCondition, 'choice'>;

const DEEPEST = 2;
const MOST_FIELDS = 400;

interface Field {
  readonly from: 'input' | 'step';
  readonly value: string;
  readonly schema: JsonObject;
  readonly words: readonly string[];
}

interface Read {
  readonly condition: Condition;
  readonly hits: number;
  /** The words by which it is named; none where an option alone names it. */
  readonly words: readonly string[];
}

export function findCondition(
  says: string,
  { input, before }: { readonly input: JsonObject; readonly before: readonly Before[] },
): Condition | null {
  const plain = conditionText(says);
  if (plain === null) return null;
  const asked = new Set(goalWords(plain.text));
  const found = fieldsOf(input, before).flatMap((field) => {
    const read = readAs(field, plain, asked);
    return read === null ? [] : [read];
  });
  const most = Math.max(0, ...found.map(({ hits }) => hits));
  const best = found.filter(({ hits }) => hits === most);
  const [first] = best;
  // Where two members are meant as well, the words do not say which; where other words name another, they say more than one thing.
  if (first === undefined || best.length > 1) return null;
  const isMore = found.some(({ words }) => words.some((word) => !first.words.includes(word)));
  return isMore ? null : first.condition;
}

function readAs({ from, value, schema, words }: Field, plain: ConditionText, asked: ReadonlySet<string>): Read | null {
  const isNamed = words.length > 0 && words.every((word) => asked.has(word));
  const option = asOption(schema, plain);
  const place = wordsOfName(value.split('.')[0] ?? '');
  const read = option ?? (isNamed ? comparedAs(schema, { ...plain, words, place }) : null);
  if (read === null) return null;
  const than = read.than === undefined ? '' : JSON.stringify(read.than);
  const hits = (isNamed ? words.length : 0) + (option === null ? 0 : 1);
  return { condition: { is: read.is, from, value, than }, hits, words: isNamed ? words : [] };
}

/** A member that says what is not: `notFound` is no `found`. */
const SAYS_NOT =
  /(?:^|[^\p{L}])(?:not|no|non|never|without|lacks?)(?:$|[^\p{Ll}])|(?:Not|No|Non|Never|Without|Lacks?)(?:$|[^\p{Ll}])/u;

const canBeRead = (name: string): boolean => !/[.`]/u.test(name) && !SAYS_NOT.test(name);

function fieldsOf(input: JsonObject, before: readonly Before[]): readonly Field[] {
  const ofSteps = before
    .filter(({ output, isList }) => output !== null && isList !== true)
    .flatMap(({ name, output }) => deepFields('step', name, output ?? {}, 1));
  const ofInput = Object.entries(input)
    .filter(([name]) => canBeRead(name))
    .flatMap(([name, value]): readonly Field[] => {
      const schema = { type: typeOf(value) };
      return [{ from: 'input', value: name, schema, words: wordsOfName(name) }];
    });
  return [...ofSteps, ...ofInput].slice(0, MOST_FIELDS);
}

function deepFields(from: 'step', path: string, schema: JsonObject, depth: number): readonly Field[] {
  return membersOf(schema).flatMap(([name, member]) => {
    if (!canBeRead(name)) return [];
    const value = `${path}.${name}`;
    const own: Field = { from, value, schema: member, words: wordsOfName(name) };
    const inner = depth < DEEPEST && isJsonObject(member.properties) ? deepFields(from, value, member, depth + 1) : [];
    return [own, ...inner];
  });
}
