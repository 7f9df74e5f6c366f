import type { Range } from './range.js';

/** The parts of the view, as the address names them. */
export const INSIGHT_PARTS = ['usage', 'decisions', 'judges', 'backtest'] as const;

export type InsightPart = (typeof INSIGHT_PARTS)[number];

export interface PartProps {
  readonly range: Range;
  readonly workflow: string | undefined;
}
