import { BatonError, type Json, ReplayProgress, ReplayReport } from '@baton/contracts';
import { createParser } from 'eventsource-parser';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError, VerificationMismatch } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { type Io, writeLine, writeOne } from '../output.js';
import { formatFacts, formatTable, printable, wrapWords } from '../table.js';

interface Flags {
  readonly at?: string;
  readonly diff?: string;
  readonly verify?: true;
  readonly all?: true;
}

/** What `replay` was asked for. `id` null: every run there is. @throws UsageError where that does not fit together */
export function whatToReplay(
  id: string | undefined,
  flags: Flags,
): { readonly id: string | null; readonly isVerified: boolean } {
  const { at, diff } = flags;
  const [verify, all] = [flags.verify === true, flags.all === true];
  if (verify && (at !== undefined || diff !== undefined)) {
    throw new UsageError('--verify goes over the whole of a run.', 'Leave out --at and --diff.');
  }
  if (all && id !== undefined) throw new UsageError('Either --all or one run.', 'Leave out one of the two.');
  if (all && !verify) throw new UsageError('--all is for --verify.', 'Give `baton replay --all --verify`.');
  if (!all && id === undefined) {
    throw new UsageError('Which run?', 'Give its id, or `baton replay --all --verify` for every run there is.');
  }
  return { id: id ?? null, isVerified: verify };
}

/** Decides one run again, or every run there is, and tells how that came out. */
export async function replayVerify(context: Context, id: string | null): Promise<ExitCode> {
  const { io, format, interrupted } = context;
  const report = await replayed(await gatewayOf(context), id, interrupted, progressOn(io));
  writeOne(io, format, report, reportLines);
  for (const { engine, otherwise } of report.engines) {
    if (otherwise > 0 && report.fault === null) writeLine(io.err, otherwiseWords(engine, otherwise, report.engine));
  }
  const { fault } = report;
  if (fault === null) return ExitCode.ok;
  throw new VerificationMismatch(
    fault.runId === '' ? `${fault.problem}.` : `run ${fault.runId}, event ${fault.version}: ${fault.problem}.`,
  );
}

const otherwiseWords = (engine: number | null, otherwise: number, own: number): string =>
  `Of ${otherwise} orders that ${engineName(engine)} decided, engine ${own} of this program decides something else. That is no proof of a forgery and of none: replay them with a program of that engine.`;

const engineName = (engine: number | null): string => (engine === null ? 'an engine of before' : `engine ${engine}`);

/** A line that is written over on a terminal, and one every now and then elsewhere. */
function progressOn({ err }: Io): (progress: ReplayProgress) => void {
  let told = -1;
  return ({ events, of }) => {
    const share = of === 0 ? 100 : Math.floor((100 * events) / of);
    if (!err.isTerminal && share < told + 10) return;
    if (err.isTerminal && told >= 0) err.move('\u001b[1A\u001b[2K');
    told = share;
    writeLine(err, `${share} % of ${of} events decided again`);
  };
}

async function replayed(
  gateway: Gateway,
  id: string | null,
  signal: AbortSignal,
  onProgress: (progress: ReplayProgress) => void,
): Promise<ReplayReport> {
  const body = await gateway.get('/v1/audit/replay', {
    params: { query: id === null ? {} : { run: id } },
    headers: { accept: 'text/event-stream' },
    parseAs: 'stream',
    signal,
  });
  let report: ReplayReport | null = null;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'progress') onProgress(ReplayProgress.parse(JSON.parse(data)));
      if (event === 'report') report = ReplayReport.parse(JSON.parse(data));
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
  if (report !== null) return report;
  throw new BatonError('The replay broke off before its end.', {
    code: 'replay-broke-off',
    next: 'See the log of the gateway, and try again.',
  });
}

function reportLines(report: ReplayReport, width: number): readonly string[] {
  const { verified, runs, events, engines, fault, durationMs } = report;
  const rows = engines.map(({ engine, orders, events: its, otherwise, firstPosition, lastPosition }) => [
    engine === null ? 'not said' : String(engine),
    String(orders),
    String(its),
    String(otherwise),
    `${firstPosition}–${lastPosition}`,
  ]);
  return [
    ...formatFacts([
      ['verified', verified ? 'yes' : 'no'],
      ['events', String(events)],
      ['runs', String(runs)],
      ['time', `${(durationMs / 1000).toFixed(1)} s`],
    ]),
    ...(rows.length === 0
      ? []
      : ['', ...formatTable(['ENGINE', 'ORDERS', 'EVENTS', 'DECIDED OTHERWISE', 'POSITIONS'], rows, width)]),
    ...(fault === null ? [] : ['', ...faultLines(fault, width)]),
  ];
}

/** Both sides of the first difference, whole: whoever looks into it needs all of it. */
function faultLines(fault: NonNullable<ReplayReport['fault']>, width: number): readonly string[] {
  const { runId, version, position, problem, recorded, decided } = fault;
  const where = position === null ? '' : `, position ${position} of the log`;
  const side = (name: string, event: { readonly type: string; readonly data: Json } | null): readonly string[] =>
    event === null
      ? [`${name}: nothing`]
      : [
          `${name}: ${event.type}`,
          ...JSON.stringify(event.data, null, 2)
            .split('\n')
            .map((line) => `  ${printable(line)}`),
        ];
  return [
    ...wrapWords(runId === '' ? `${problem}.` : `Run ${runId}, event ${version}${where}: ${problem}.`, width),
    '',
    ...side('recorded', recorded),
    ...side('decided', decided),
  ];
}
