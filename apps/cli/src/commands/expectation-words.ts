import { type Expectation, type Outlook, type Quantiles, type RunExpectation } from '@baton/contracts';
import { formatDuration } from '../durations.js';

/** How what is expected reads as text. */

const percent = (share: number): string => `${Math.round(100 * share)} %`;
export const dollars = (usd: number): string => `$${usd.toFixed(usd < 1 ? 4 : 2)}`;

const spread = ({ p10, p50, p90 }: Quantiles, say: (value: number) => string): string =>
  `${say(p50)} (${say(p10)} to ${say(p90)})`;

type Known = Extract<Expectation, { status: 'known' }>;

const chance = ({ success: { rate, low, high } }: Pick<Known, 'success'>): string =>
  `succeeds in ${percent(rate)} (${percent(low)} to ${percent(high)})`;

const cost = ({ costUsd }: Pick<Known, 'costUsd'>): string =>
  costUsd === null ? 'cost not known' : `costs ${spread(costUsd, dollars)}`;

const source = ({ from, sampleSize }: Pick<Known, 'from' | 'sampleSize'>): string =>
  `${sampleSize} runs of this ${from === 'workflow' ? 'workflow' : 'version with inputs of this size'}`;

const tooFew = ({ sampleSize, needed }: { readonly sampleSize: number; readonly needed: number }): string =>
  `not known: ${sampleSize} of ${needed} runs that are needed have ended`;

/** Before a run has done anything. */
export function expectationText(expectation: Expectation): string {
  if (expectation.status === 'not-enough') return tooFew(expectation);
  return [
    `takes ${spread(expectation.durationMs, formatDuration)}`,
    cost(expectation),
    `${chance(expectation)}; from ${source(expectation)}`,
  ].join(', ');
}

function outlookText(outlook: Outlook): string {
  switch (outlook.status) {
    case 'not-enough':
      return tooFew(outlook);
    case 'not-comparable':
      return `not known: a run that was ${outlook.why} is like no other`;
    case 'beyond-history':
      return `not known: ${outlook.longer} of ${outlook.sampleSize} runs took as long as this one by now`;
    case 'known': {
      const { given, state } = outlook;
      const where = given === 'step' && state !== null ? `were in ${state} for as long` : 'took as long';
      const ends = `ends in ${spread(outlook.endsInMs, formatDuration)}`;
      return `${[ends, cost(outlook), chance(outlook)].join(', ')}; from ${source(outlook)} that ${where}`;
    }
  }
}

/** Of one run: what is left of it, or what had been expected of one that has ended. Empty where that is not on record. */
export function runExpectationText({ now, atStart, outcome }: RunExpectation): string {
  if (now !== null) return outlookText(now);
  if (atStart === null || outcome === null || atStart.status === 'not-enough') return '';
  const was = `${spread(atStart.durationMs, formatDuration)}${atStart.costUsd === null ? '' : `, ${spread(atStart.costUsd, dollars)}`}`;
  return `when it began ${was}, from ${source(atStart)}`;
}
