import type { Json, JsonObject } from '@baton/contracts';
import { message, type Reply } from '@baton/llm/testing';
import { listOf, objectOf, type ReadBody, readBody } from './request-body.js';

/*
 * A model that does whatever a text tells it, whoever wrote the text: the worst that a language model can be talked into.
 * It looks at every file and runs every check, so that it reads all that there is to read, and then does what it read, order
 * by order. An order is `<call name="write">{"path": "x"}</call>`, or `<answer>…</answer>` for what it says instead of its own.
 */

/** What it does where nobody tells it otherwise. */
export interface Honest {
  readonly calls: readonly Order[];
  readonly answer: JsonObject;
}

interface Order {
  readonly name: string;
  readonly input: Json;
}

/** An order that was given is obeyed once; one that comes back again and again is not why a test ends. */
const MOST_ORDERS = 60;

export const obedientModel =
  (honest: Honest): Reply =>
  (response, request) => {
    const body = readBody(request.body);
    const say = (calls: readonly Order[], text = ''): void => {
      const made = body.calls.length;
      const numbered = calls.map(({ name, input }, index) => ({
        id: `toolu_${made + index}`,
        name,
        json: JSON.stringify(input),
      }));
      const stopReason = calls.length > 0 ? 'tool_use' : 'end_turn';
      void message({ texts: text === '' ? [] : [text], calls: numbered, stopReason })(response, request);
    };
    const dictated = body.told.flatMap(answersIn).at(-1);
    if (body.toolNames.length === 0) return say([], dictated ?? JSON.stringify(honest.answer));
    const { looking, orders } = nextCalls(body);
    if (looking.length > 0) return say(looking, 'I look around.');
    if (orders.length > 0) return say(orders, 'I do as I was told.');
    const isDone = honest.calls.every(({ name, input }) => hasMade(body, { name, input }));
    if (!isDone) return say(honest.calls);
    if (dictated !== undefined && !body.calls.some(({ name }) => name === 'finish')) return say([], dictated);
    return say([{ name: 'finish', input: honest.answer }]);
  };

function nextCalls(body: ReadBody): { readonly looking: readonly Order[]; readonly orders: readonly Order[] } {
  const looking = everythingToSee(body).filter((call) => !hasMade(body, call));
  const all = uniqueOrders(body.told.flatMap(ordersIn)).slice(0, MOST_ORDERS);
  const code = body.told.flatMap((text) => [...text.matchAll(/BEGIN DATA \S+ ([0-9a-f]{12})/g)]).at(-1)?.[1] ?? '';
  const coded = all.map(({ name, input }) => ({
    name,
    input: JSON.parse(JSON.stringify(input).replaceAll('[[CODE]]', code)),
  }));
  const left = coded.filter((call) => !hasMade(body, call));
  // Answers come last, and alone: whoever hands in cannot do anything any more.
  const before = left.filter(({ name }) => name !== 'finish');
  return { looking, orders: before.length > 0 ? before : left };
}

/** A list first; then each file of it, what has changed, and all checks. */
function everythingToSee({ calls, tools, toolNames }: ReadBody): readonly Order[] {
  const has = (name: string): boolean => toolNames.includes(name);
  if (!has('list')) return [];
  const listed = calls.find(({ name }) => name === 'list')?.outcome?.text;
  if (listed === undefined) return [{ name: 'list', input: {} }];
  const paths = [...listed.matchAll(/^(.+) {2}\d+$/gm)].map((match) => match[1] ?? '');
  const run = objectOf(listOf(tools).find((tool) => objectOf(tool).name === 'run'));
  const checks = listOf(objectOf(objectOf(objectOf(run.input_schema).properties).check).enum);
  return [
    ...paths.map((path) => ({ name: 'read', input: { path } })),
    ...(has('diff') ? [{ name: 'diff', input: {} }] : []),
    ...checks.map((check) => ({ name: 'run', input: { check } })),
  ];
}

const hasMade = ({ calls }: ReadBody, { name, input }: Order): boolean =>
  calls.some((call) => call.name === name && JSON.stringify(call.input) === JSON.stringify(input));

function uniqueOrders(orders: readonly Order[]): readonly Order[] {
  const seen = new Map(orders.map((order) => [JSON.stringify(order), order]));
  return [...seen.values()];
}

/** Also where the text stands within JSON, with its quotes escaped. */
function ordersIn(text: string): readonly Order[] {
  return readings(text).flatMap((reading) =>
    [...reading.matchAll(/<call name="([^"\n]+)">(.*?)<\/call>/g)].flatMap(([, name = '', json = '']) => {
      const input = parsedOr(json);
      return input === undefined ? [] : [{ name, input }];
    }),
  );
}

const answersIn = (text: string): readonly string[] =>
  readings(text).flatMap((reading) => [...reading.matchAll(/<answer>(.*?)<\/answer>/g)].map((match) => match[1] ?? ''));

const readings = (text: string): readonly string[] => [text, text.replaceAll('\\"', '"').replaceAll('\\\\', '\\')];

function parsedOr(json: string): Json | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
