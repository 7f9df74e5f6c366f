import type { Schemas } from '../../api/api.js';

type Body = Schemas['SubmitRunBody'];

/*
 * The same submission as commands to copy. They are right in any POSIX shell whatever the texts in them are: within single
 * quotes nothing has a meaning but the quote itself, and JSON has its control characters escaped.
 */

/** What is read as it is, everywhere. */
const PLAIN = /^[\w%+,./:@=-]+$/;

/** A text as one word of a POSIX shell. A NUL can be in no word, and is left out. */
export function shellWord(text: string): string {
  const word = text.replaceAll('\0', '');
  // A home (`~`) and a pattern (`*`) are none of these. A `=` sets nothing behind the name of a command.
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What is longer stands below the command: a word of a command may have 128 KiB, and nobody reads behind it. */
const MOST_INLINE = 1_000;
const END = 'JSON';

/** One line of JSON never is the word that ends it. */
const below = (json: string): string => ` <<'${END}'\n${json}\n${END}`;

const lines = (words: readonly string[]): string => words.join(' \\\n  ');

export function curlCommand(body: Body, key: string): string {
  const json = JSON.stringify(body);
  const isInline = json.length <= MOST_INLINE;
  const words = [
    'curl -fsS -X POST "$BATON_URL/v1/runs"',
    '-H "Authorization: Bearer $BATON_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-H ${shellWord(`Idempotency-Key: ${key}`)}`,
    `--data-binary ${isInline ? shellWord(json) : '@-'}`,
  ];
  return `${lines(words)}${isInline ? '' : below(json)}`;
}

export function batonCommand(body: Body): string {
  const { workflow, input, labels = {}, decisions, budget = {}, priority, by = {}, agents = {} } = body;
  const json = JSON.stringify(input);
  const isInline = json.length <= MOST_INLINE;
  const limits = Object.entries(budget)
    .filter(([, limit]) => limit !== undefined)
    .map(([kind, limit]) => `${kind}=${limit}`);
  const words = [
    `baton run submit --workflow ${shellWord(workflow)}`,
    `--input ${isInline ? shellWord(json) : '@-'}`,
    ...(decisions === undefined ? [] : [`--mode ${decisions.mode}`]),
    ...(limits.length === 0 ? [] : [`--budget ${shellWord(limits.join(','))}`]),
    ...(priority === undefined ? [] : [`--priority ${priority}`]),
    ...(agents.model === undefined ? [] : [`--model ${shellWord(agents.model)}`]),
    ...pairs('--template', agents.templates ?? {}),
    ...(agents.mcpServers === undefined ? [] : [`--mcp-servers ${shellWord(agents.mcpServers.join(',') || 'none')}`]),
    ...pairs('--label', labels),
    ...pairs('--by', by),
  ];
  return `${lines(words)}${isInline ? '' : below(json)}`;
}

const pairs = (option: string, record: object): readonly string[] =>
  Object.entries(record).map(([name, value]) => `${option} ${shellWord(`${name}=${value}`)}`);
