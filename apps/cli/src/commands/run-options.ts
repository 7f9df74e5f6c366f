import {
  DecisionMode,
  explainIssues,
  type RunAgents,
  RunStatus,
  ServerChoices,
  SubmitRunBody,
  TemplateId,
  VariantName,
} from '@baton/contracts';
import { UsageError } from '../exit-codes.js';
import { suggestion } from '../suggestion.js';
import { printable } from '../table.js';
import { parseLabels } from './run-input.js';

/** What a run is submitted with beside its input: the same words for `run submit` and `demo`. */
export interface RunOptions {
  readonly mode?: DecisionMode;
  readonly budget?: Budget;
  readonly priority?: number;
  readonly model?: string;
  readonly template?: Pins;
  /** Which tools of servers outside its agents have, and no more. */
  readonly mcpServers?: ServerChoices;
  readonly label?: readonly string[];
  /** Who does steps instead of a worker. */
  readonly by?: By;
}

/** Template id → variant. */
type Pins = Readonly<Record<string, string>>;
type By = NonNullable<SubmitRunBody['by']>;
type Budget = NonNullable<SubmitRunBody['budget']>;

/** A word of a closed list. Throws UsageError with what was probably meant. */
export function oneOf<T extends string>(option: string, word: string, known: readonly T[], what: string): T {
  const found = known.find((each) => each === word);
  if (found !== undefined) return found;
  throw new UsageError(`There is no ${option} ${printable(word)}.`, suggestion(word, known, what));
}

export const parseMode = (word: string): DecisionMode => oneOf('mode', word, DecisionMode.options, 'modes');

export const parseStatus = (word: string): RunStatus => oneOf('status', word, RunStatus.options, 'statuses');

const KINDS = ['usd', 'tokens', 'wallClock'] as const;
const BUDGET_EXAMPLE = 'Write --budget usd=5,tokens=2000000,wallClock=2h, each of them optional.';

/** `usd=5,tokens=2000000,wallClock=PT2H`, or `2h` for the last; may be given in parts. Throws UsageError. */
export function parseBudget(word: string, before: Budget = {}): Budget {
  const given = word.split(',').map((part): readonly [(typeof KINDS)[number], string] => {
    const [, name = '', value = ''] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (name === '') throw new UsageError(`--budget ${word} is not of the form kind=value.`, BUDGET_EXAMPLE);
    return [oneOf('budget of', name, KINDS, 'budgets'), value];
  });
  const budget: Budget = { ...before };
  for (const [kind, value] of given) {
    if (budget[kind] !== undefined) throw new UsageError(`The budget ${kind} is given twice.`, 'Give each one once.');
    Object.assign(budget, { [kind]: kind === 'wallClock' ? durationOf(value) : numberOf(kind, value) });
  }
  const schema = SubmitRunBody.shape.budget;
  const parsed = schema.safeParse(budget);
  if (parsed.success) return parsed.data ?? {};
  const [wrong] = explainIssues(parsed.error, budget, schema);
  throw new UsageError(
    `--budget ${word} cannot be kept: ${wrong?.path.map(String).join('.') ?? ''} ${wrong?.detail ?? ''}.`,
    BUDGET_EXAMPLE,
  );
}

function numberOf(kind: string, value: string): number {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new UsageError(`The budget ${kind}=${printable(value)} is not a number above 0.`, BUDGET_EXAMPLE);
}

/** `90s`, `5m` and `2h` as people write them, in the form of the interface, which is taken as well. */
function durationOf(value: string): string {
  if (/^\d{1,9}[smh]$/.test(value)) return `PT${value.toUpperCase()}`;
  if (/^P(?=.)/.test(value)) return value;
  throw new UsageError(
    `The budget wallClock=${printable(value)} is not a time such as 90s, 30m or 2h.`,
    BUDGET_EXAMPLE,
  );
}

const PIN_EXAMPLE = 'Write --template NAME=VARIANT; `baton template list` has both.';

/** `NAME=VARIANT`, once for each template. Throws UsageError. */
export function parsePin(word: string, before: Pins = {}): Pins {
  const [, id = '', variant = ''] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(word) ?? [];
  if (!TemplateId.safeParse(id).success || !VariantName.safeParse(variant).success) {
    throw new UsageError(`--template ${printable(word)} is not of the form NAME=VARIANT.`, PIN_EXAMPLE);
  }
  if (Object.hasOwn(before, id))
    throw new UsageError(`The template ${id} is given twice.`, 'A run has one variant of each.');
  return { ...before, [id]: variant };
}

const SERVERS_EXAMPLE = 'Write --mcp-servers docs,issues:list_issues, or --mcp-servers none.';
const NO_SERVERS = 'none';

/** `server` or `server:tool`, one or several, or `none` and nothing beside it; may be given in parts. Throws UsageError. */
export function parseServers(word: string, earlier?: ServerChoices): ServerChoices {
  const before = earlier ?? [];
  const choices = word.split(',').map((each) => each.trim());
  const isNone = choices.every((each) => each === NO_SERVERS);
  const isAfterNone = earlier !== undefined && earlier.length === 0;
  if (isNone ? before.length > 0 : isAfterNone || choices.includes(NO_SERVERS)) {
    throw new UsageError('--mcp-servers none stands alone: it leaves the run nothing.', SERVERS_EXAMPLE);
  }
  if (isNone) return [];
  const parsed = ServerChoices.safeParse([...before, ...choices]);
  if (parsed.success) return parsed.data;
  const [wrong] = explainIssues(parsed.error, [...before, ...choices], ServerChoices);
  throw new UsageError(
    `--mcp-servers ${printable(word)} cannot be taken: each ${wrong?.detail ?? 'has another form'}.`,
    SERVERS_EXAMPLE,
  );
}

const BY_EXAMPLE = 'Write --by STATE=human; `baton workflow show NAME` has the states.';

/** `STATE=human`, once for each step that a person does by hand. Throws UsageError. */
export function parseBy(word: string, before: By = {}): By {
  const [, state = '', who = ''] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(word) ?? [];
  if (state === '' || who !== 'human') {
    throw new UsageError(`--by ${printable(word)} is not of the form STATE=human.`, BY_EXAMPLE);
  }
  return { ...before, [state]: 'human' };
}

/** 0 is most urgent. */
export function parsePriority(word: string): number {
  if (/^[0-3]$/.test(word)) return Number(word);
  throw new UsageError(`--priority ${word} is none.`, 'Give 0 (most urgent), 1, 2 or 3.');
}

/** The part of a submission that these options make. */
export function runFacts({
  mode,
  budget,
  priority,
  model,
  template,
  mcpServers,
  label = [],
  by,
}: RunOptions): Omit<SubmitRunBody, 'workflow' | 'input'> {
  return {
    ...(mode === undefined ? {} : { decisions: { mode } }),
    ...(budget === undefined ? {} : { budget }),
    ...(priority === undefined ? {} : { priority }),
    ...agentsOf({
      ...(model === undefined ? {} : { model }),
      ...(template === undefined ? {} : { templates: { ...template } }),
      ...(mcpServers === undefined ? {} : { mcpServers }),
    }),
    ...(by === undefined ? {} : { by: { ...by } }),
    ...(label.length === 0 ? {} : { labels: { ...parseLabels(label) } }),
  };
}

const agentsOf = (agents: RunAgents): { readonly agents?: RunAgents } =>
  Object.keys(agents).length === 0 ? {} : { agents };
