import { followEvents } from '@baton/client';
import { didYouMean, type EventList, type EventView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode, Interrupted } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeList } from '../output.js';
import { printable } from '../table.js';
import { eventColumns } from './run-shapes.js';
import { getRun } from './watch-run.js';

export interface EventsOptions {
  readonly follow?: boolean;
  /** Only events of these types; empty for all. */
  readonly type: readonly string[];
  /** Only the newest so many. */
  readonly limit?: number;
}

/** All events of the run after one of them, page by page. */
export async function* eventPages(
  gateway: Gateway,
  runId: string,
  signal: AbortSignal,
  first = 0,
  size = 500,
): AsyncGenerator<EventList['events']> {
  let after: number | null = first;
  while (after !== null) {
    const params = { path: { id: runId }, query: { after, limit: size } };
    const page: EventList = await gateway.get('/v1/runs/{id}/events', { params, signal });
    if (page.events.length > 0) yield page.events;
    after = page.next === null ? null : (page.events.at(-1)?.version ?? null);
  }
}

const isWanted =
  ({ type }: EventsOptions) =>
  (event: EventView): boolean =>
    type.length === 0 || type.includes(event.type);

/** The newest `limit` of what is added. */
class Tail {
  readonly events: EventView[] = [];

  constructor(private readonly limit: number) {}

  add(events: readonly EventView[]): void {
    this.events.push(...events);
    if (this.events.length > this.limit * 2) this.events.splice(0, this.events.length - this.limit);
  }

  newest(): readonly EventView[] {
    return this.events.slice(-this.limit);
  }
}

export async function listEvents(context: Context, id: string, options: EventsOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runId, version } = await getRun(gateway, id, context.interrupted);
  const { limit = Number.POSITIVE_INFINITY } = options;
  // Without a type the newest are known by their numbers, and nothing before them has to be read.
  const first = options.type.length === 0 && limit < version ? version - limit : 0;
  const tail = new Tail(limit);
  const types = new Set<string>();
  let seen = first;
  for await (const page of eventPages(gateway, runId, context.interrupted, first)) {
    for (const { type } of page) types.add(type);
    seen = page.at(-1)?.version ?? seen;
    const wanted = page.filter(isWanted(options));
    // A stream of lines starts with its first page; the other forms need the whole.
    if (context.format === 'jsonl' && limit === Number.POSITIVE_INFINITY)
      writeList(context.io, 'jsonl', wanted, eventColumns, '');
    else tail.add(wanted);
  }
  if (options.follow === true) return followFrom(context, gateway, { runId, seen, options, known: tail.newest() });
  if (context.format === 'jsonl') writeList(context.io, 'jsonl', tail.newest(), eventColumns, '');
  else writeList(context.io, context.format, tail.newest(), eventColumns, nothing(options, types));
  return ExitCode.ok;
}

function nothing({ type }: EventsOptions, types: ReadonlySet<string>): string {
  const [first] = type;
  if (first === undefined || types.size === 0) return 'No event yet.';
  const meant = didYouMean(first, types);
  return `The run has no event of type ${type.join(' or ')}.${meant === '' ? ` It has ${[...types].sort().join(', ')}.` : meant}`;
}

interface Following {
  readonly runId: string;
  readonly seen: number;
  readonly options: EventsOptions;
  readonly known: readonly EventView[];
}

/** Widths that hold nearly every event: rows that are already written cannot be made wider. */
const lineOf = ({ version, recordedAt, type, summary }: EventView): string =>
  printable(`${String(version).padStart(5)}  ${timeOf(recordedAt)}  ${type.padEnd(18)}  ${summary}`).trimEnd();

async function followFrom(context: Context, gateway: Gateway, following: Following): Promise<ExitCode> {
  const { runId, seen, options, known } = following;
  const { io, format, interrupted } = context;
  const write = (event: EventView): void =>
    writeLine(io.out, format === 'table' ? lineOf(event) : JSON.stringify(event));
  for (const event of known) write(event);
  const onLost = (): void => writeLine(io.err, 'The gateway does not answer; waiting for it.');
  const source = { runId, after: seen, signal: interrupted, patienceMs: 60_000, onLost };
  for await (const event of followEvents(gateway, source)) if (isWanted(options)(event)) write(event);
  if (!interrupted.aborted) return ExitCode.ok;
  throw new Interrupted(
    `Detached; run ${runId} goes on.`,
    `Come back with \`baton run events ${runId} --follow --limit 10\`.`,
  );
}
