import type { Schemas } from '../api/api.js';
import { countOf, durationOf, moneyOf } from './spans.js';

type Expectation = Schemas['Expectation'];
type Outlook = Schemas['Outlook'];
type Known = Extract<Expectation, { status: 'known' }>;

const spreadOf = ({ p10, p50, p90 }: Known['durationMs'], say: (value: number) => string): string =>
  `${say(p50)} (${say(p10)} to ${say(p90)})`;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const restOf = ({ costUsd, success, from, sampleSize }: Omit<Known, 'status'>): string =>
  [
    costUsd === null ? 'cost not known' : spreadOf(costUsd, moneyOf),
    `succeeds in ${percent(success.rate)} (${percent(success.low)} to ${percent(success.high)})`,
    `from ${countOf(sampleSize)} runs of this ${from === 'workflow' ? 'workflow' : 'version with inputs of this size'}`,
  ].join('; ');

const tooFew = ({ sampleSize, needed }: { readonly sampleSize: number; readonly needed: number }): string =>
  `not known: ${sampleSize} of ${needed} runs that are needed have ended`;

/** What a run is expected to take before it has done anything, in a line. */
export const expectedInWords = (expectation: Expectation): string =>
  expectation.status === 'known'
    ? `${spreadOf(expectation.durationMs, durationOf)}; ${restOf(expectation)}`
    : tooFew(expectation);

/** What is left of one under way, in a few words; and all that is behind them. */
export function outlookInWords(outlook: Outlook): { readonly short: string; readonly long: string } | null {
  switch (outlook.status) {
    case 'known': {
      const { endsInMs, given, state } = outlook;
      const where = given === 'step' && state !== null ? `that were in ${state} for as long` : 'that took as long';
      return { short: `${spreadOf(endsInMs, durationOf)} more`, long: `${restOf(outlook)}, ${where}` };
    }
    case 'beyond-history': {
      const { longer, sampleSize } = outlook;
      return { short: 'longer than usual', long: `${longer} of ${sampleSize} runs took as long as this one by now` };
    }
    case 'not-enough':
      return { short: 'not known', long: tooFew(outlook) };
    case 'not-comparable':
      return null;
  }
}
