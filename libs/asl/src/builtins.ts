import jsonata from '#jsonata';
import { charge, type Evaluation, evaluationOf, expressionError, needsStopper, stepsLeft } from './guard.js';
import { isSmallPicture } from './small-picture.js';
import {
  copyCost,
  countCharacters,
  countMembers,
  deepCost,
  itemsCost,
  listCost,
  nestedCost,
  readCost,
} from './weigh.js';

/*
 * JSONata's own functions, with what they cost. Each call is one node of the syntax tree, however much it has to do: here
 * it is counted by the size of its arguments, and of its result where that can be larger, before it begins.
 */

type Focus = jsonata.Focus;
type Implementation = Parameters<jsonata.Expression['registerFunction']>[1];

/** What a call costs, in steps; or that nobody can say. */
type Cost = (args: readonly unknown[], most: number) => number | 'unknown';

const lengthOf = (value: unknown): number => (typeof value === 'string' || Array.isArray(value) ? value.length : 0);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const ofList: Cost = ([list], most) => (Array.isArray(list) ? listCost(list, most) : 0);

/** Of an object it is asked whether there is anything in it: its names are listed, in a list of a list of them, too. */
const ofTest: Cost = ([value], most) => nestedCost(value, most, true);
const ofCharacters: Cost = ([text]) => readCost(lengthOf(text));
const ofEverything: Cost = ([value], most) => 2 * deepCost(value, most);
/** Names are listed, and put together, in the lists of lists, too. */
const ofMembers: Cost = ([value], most) => nestedCost(value, most, true);

/** Each item is a call, which has its price beyond the nodes of an expression's own function; JSONata's have none. */
const ofCalls: Cost = ([items], most) => (Array.isArray(items) ? items.length : countMembers(items, most));

/** The engine looks for a long text at each place of another one, and may have to go far each time. */
const SMALL_SEARCH = 1_000_000;
const ofSearch: Cost = ([text, sought]) => {
  const [length, most] = [lengthOf(text), lengthOf(sought)];
  return most > 16 && length * most > SMALL_SEARCH ? 'unknown' : copyCost(length) * 4;
};

const ofReplacement: Cost = ([text, sought, replacement], most) => {
  const search = ofSearch([text, sought], most);
  if (search === 'unknown') return search;
  const places = lengthOf(text) / Math.max(1, lengthOf(sought)) + 1;
  return readCost(lengthOf(text)) + readCost(places) + copyCost(places * lengthOf(replacement));
};

const ofPicture: Cost = ([value, picture, options], most) => {
  const isPlain = picture === undefined || isSmallPicture(picture);
  // A number in Roman numerals has as many letters as it has thousands.
  if (!isPlain || (typeof value === 'number' && Math.abs(value) >= 1e15)) return 'unknown';
  // The options of a number are copied, each time.
  return 1 + 4 * deepCost(options, most);
};
const ofSmallNumber: Cost = ([value, picture]) =>
  isSmallPicture(picture) && (typeof value !== 'number' || Math.abs(value) < 1e5) ? 1 : 'unknown';
/** A picture that is read becomes a regular expression. */
const ofReadPicture: Cost = ([text, picture]) => (picture === undefined && lengthOf(text) <= 64 ? 1 : 'unknown');

const COSTS: Readonly<Record<string, Cost>> = {
  ...all('sum max min average reverse', ofList),
  ...all('boolean not', ofTest),
  ...all('map filter single reduce each sift', ofCalls),
  ...all('length substring trim uppercase lowercase number formatBase', ofCharacters),
  ...all('base64encode base64decode encodeUrl encodeUrlComponent decodeUrl decodeUrlComponent', ofCharacters),
  ...all('string clone', ofEverything),
  ...all('keys merge', ofMembers),
  ...all('contains substringBefore substringAfter match', ofSearch),
  ...all('fromMillis formatNumber', ofPicture),
  ...all('toMillis parseInteger', ofReadPicture),
  formatInteger: ofSmallNumber,
  replace: ofReplacement,
  lookup: ([value], most) => nestedCost(value, most),
  zip: (lists, most) => listCost(lists, most),
  join: ([list, separator]) => {
    const texts = listOf(list);
    return itemsCost(texts.length) + copyCost(countCharacters(texts) + texts.length * lengthOf(separator));
  },
  // Each object is appended to a copy of all before it.
  spread: ([value], most) => {
    const members = countMembers(value, most);
    return nestedCost(value, most, true) + itemsCost((members * members) / 16);
  },
};

function all(names: string, cost: Cost): Record<string, Cost> {
  return Object.fromEntries(names.split(' ').map((name) => [name, cost]));
}

interface Native {
  readonly implementation: Implementation;
  readonly signature: string;
}

/** JSONata does not hand out its functions; an expression that is no more than the name of one gives it. */
async function nativeOf(name: string): Promise<Native> {
  const found: unknown = await jsonata(`$${name}`).evaluate(undefined);
  if (typeof found === 'object' && found !== null && 'implementation' in found && 'signature' in found) {
    const { implementation, signature } = found;
    const definition: unknown =
      typeof signature === 'object' && signature !== null ? Reflect.get(signature, 'definition') : '';
    if (isImplementation(implementation) && typeof definition === 'string') {
      return { implementation, signature: definition };
    }
  }
  throw new Error(`JSONata has no function ${name}`);
}

const isImplementation = (value: unknown): value is Implementation => typeof value === 'function';

function counted({ implementation }: Native, cost: Cost): Implementation {
  function call(this: Focus, ...args: readonly unknown[]): unknown {
    chargeCall(evaluationOf(this.environment), cost, args);
    return Reflect.apply(implementation, this, args);
  }
  // What takes a function as its argument looks at how many arguments that one takes.
  return Object.defineProperty(call, 'length', { value: implementation.length });
}

function chargeCall(evaluation: Evaluation, cost: Cost, args: readonly unknown[]): void {
  const steps = cost(args, stepsLeft(evaluation));
  if (steps === 'unknown') needsStopper(evaluation);
  else charge(evaluation, steps);
}

/** JSONata's own compares by promises, of which each holds the last: five gigabytes for 190,000 numbers. */
function sorted(native: Native): Implementation {
  return function sort(this: Focus, list: unknown, comparator: unknown): unknown {
    if (!Array.isArray(list) || list.length <= 1) return Reflect.apply(native.implementation, this, [list, comparator]);
    const items: readonly unknown[] = list;
    const levels = Math.ceil(Math.log2(items.length));
    if (comparator !== undefined) {
      // A function of JSONata's own takes no step, and each comparison waits for all before it.
      charge(evaluationOf(this.environment), items.length * levels);
      return Reflect.apply(native.implementation, this, [list, comparator]);
    }
    charge(
      evaluationOf(this.environment),
      itemsCost(items.length * levels * 4) + copyCost(countCharacters(items)) * levels,
    );
    if (items.every((item) => typeof item === 'number')) return items.toSorted((a, b) => a - b);
    if (items.every((item) => typeof item === 'string')) return items.toSorted(byCodeUnits);
    throw expressionError('D3070', NOT_SORTABLE);
  };
}

const NOT_SORTABLE =
  'The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function';

const byCodeUnits = (a: string, b: string): number => (a > b ? 1 : a < b ? -1 : 0);

/** By name, with the signature in the notation of JSONata. */
const BUILTINS: ReadonlyMap<string, Native> = new Map(
  await Promise.all([
    ...Object.entries(COSTS).map(async ([name, cost]): Promise<[string, Native]> => {
      const native = await nativeOf(name);
      return [name, { ...native, implementation: counted(native, cost) }];
    }),
    nativeOf('sort').then((native): [string, Native] => ['sort', { ...native, implementation: sorted(native) }]),
  ]),
);

/** Puts the counted functions into an expression, as far as it names them. */
export function registerBuiltins(program: jsonata.Expression, names: ReadonlySet<string>): void {
  for (const name of names) {
    const native = BUILTINS.get(name);
    if (native !== undefined) program.registerFunction(name, native.implementation, native.signature);
  }
}
