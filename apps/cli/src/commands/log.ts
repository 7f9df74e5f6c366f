import type { EventView, Json, RunStateView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeOne } from '../output.js';
import { formatTable, printable, wrapWords } from '../table.js';
import { eventPages } from './events.js';
import { describeChanges } from './state-diff.js';
import { changesInWords } from './state-words.js';
import { getRun } from './watch-run.js';

/** The value of `--at` or `--diff`: an event's number, 0 for the state before the first. */
export function parseAt(word: string | undefined, option = '--at'): number | null {
  if (word === undefined) return null;
  if (/^\d{1,15}$/.test(word)) return Number(word);
  throw new UsageError(
    `${option} ${word} is not the number of an event.`,
    `Give a whole number from 0, such as ${option} 12.`,
  );
}

const stateAt = (gateway: Gateway, runId: string, at: number | null, signal: AbortSignal): Promise<RunStateView> =>
  gateway.get('/v1/runs/{id}/state', {
    params: { path: { id: runId }, query: at === null ? {} : { at } },
    signal,
    timeoutMs: 120_000,
  });

/** What happened between two events, and what became different by it. */
export async function replayDiff(context: Context, id: string, from: number, at: number | null): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runId } = await getRun(gateway, id, context.interrupted);
  const one = await stateAt(gateway, runId, from, context.interrupted);
  const other = await stateAt(gateway, runId, at, context.interrupted);
  const [before, after] = one.at <= other.at ? [one, other] : [other, one];
  const events: EventView[] = [];
  for await (const page of eventPages(gateway, runId, context.interrupted, before.at)) {
    events.push(...page.filter(({ version }) => version <= after.at));
    if ((page.at(-1)?.version ?? 0) >= after.at) break;
  }
  const changes = describeChanges(before.state, after.state);
  const happened = events.map(({ version, type, summary }) => ({ version, type, summary }));
  const diff = { runId, from: before.at, to: after.at, events: happened, changes };
  writeOne(context.io, context.format, diff, (each, width) => [
    ...wrapWords(`Run ${runId} from event ${each.from} to ${each.to}:`, width),
    ...(happened.length === 0 ? [] : ['', ...formatTable(['EVENT', 'TYPE', 'SUMMARY'], rowsOf(happened), width)]),
    '',
    ...(changes.length === 0 ? ['Nothing is different.'] : inWords(before.state, after.state)).flatMap((line) =>
      wrapWords(printable(line), width),
    ),
  ]);
  return ExitCode.ok;
}

const inWords = (before: Json, after: Json): readonly string[] => [
  ...changesInWords(before, after),
  'What the engine keeps for itself is left out; -o json has every place that is different.',
];

const rowsOf = (events: readonly { readonly version: number; readonly type: string; readonly summary: string }[]) =>
  events.map(({ version, type, summary }) => [String(version), type, summary]);

export async function replay(context: Context, id: string, at: number | null): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runId } = await getRun(gateway, id, context.interrupted);
  const state = await stateAt(gateway, runId, at, context.interrupted);
  if (context.format === 'table') {
    writeLine(context.io.err, `Run ${runId} after event ${state.at} of ${state.of}, folded from the log alone:`);
  }
  // The state is JSON whatever the format: it is a tree, and a table would leave most of it out.
  writeOne(context.io, context.format, state, (each) => JSON.stringify(each.state, null, 2).split('\n'));
  return ExitCode.ok;
}
