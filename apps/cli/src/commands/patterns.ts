import type { DecisionPattern, PatternReport } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { ANALYSIS_MS, type WindowOptions } from './recommendation.js';
import { shortId } from './run-shapes.js';
import { requireWorkflowName } from './workflow-names.js';

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const columns: Columns<DecisionPattern> = {
  headings: ['FACTS', 'OVERRULED', 'WITHOUT', 'LIFT', 'ODDS', '95 %', 'Q', 'EXAMPLE'],
  row: ({ facts, withFacts, without, lift, oddsRatio, interval, q, examples: [example] }) => [
    facts.join(' + '),
    `${withFacts.count} of ${withFacts.of} (${percent(withFacts.share)})`,
    without === null ? '-' : `${without.count} of ${without.of} (${percent(without.share)})`,
    lift.toFixed(2),
    oddsRatio.toPrecision(3),
    `${interval.low.toPrecision(2)} to ${interval.high.toPrecision(2)}`,
    q < 0.001 ? '<0.001' : q.toFixed(3),
    example === undefined ? '-' : `${shortId(example.runId)} event ${example.version ?? '-'}`,
  ],
};

/** Which facts go with the rule being overruled. */
export async function listPatterns(context: Context, options: WindowOptions): Promise<ExitCode> {
  const { workflow, since, until, runs } = options;
  const gateway = await gatewayOf(context);
  const params = { query: { workflow, since, until, runs } };
  const report = await gateway.get('/v1/decisions/patterns', {
    ...{ params, signal: context.interrupted, timeoutMs: ANALYSIS_MS },
  });
  if (report.window.runs === 0 && workflow !== undefined) {
    await requireWorkflowName(gateway, workflow, context.interrupted);
  }
  const { io, format } = context;
  if (format === 'json') writeOne(io, format, report, () => []);
  else writeList(io, format, report.patterns, columns, 'There is nothing to tell apart.');
  if (format === 'table') for (const line of summaryOf(report)) writeLine(io.err, line);
  return ExitCode.ok;
}

function summaryOf({ overrides, tested, tooFew, leftOff, least, level, window }: PatternReport): readonly string[] {
  if (overrides === null) {
    return [`In ${window.decisions} decisions nobody was heard beside the rule.`];
  }
  return [
    `The rule was overruled in ${overrides.count} of ${overrides.of} decisions at which somebody beside it was heard.`,
    `${tested} facts and pairs were tested, ${tooFew} facts have too few (${least} with it and ${least} without it are needed)${leftOff === 0 ? '' : `, ${leftOff} more are not shown`}.`,
    `Of those with Q at most ${level}, as many are chance alone on average (Benjamini and Hochberg).`,
  ];
}
