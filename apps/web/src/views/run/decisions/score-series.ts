import type { Schemas } from '../../../api/api.js';
import type { Decision, DecisionParts } from './decision-parts.js';

export interface ScoreSeries {
  readonly phase: string;
  readonly dimension: string;
  readonly threshold: number | null;
  readonly points: readonly { readonly round: number; readonly score: number }[];
}

type Scores = Schemas['RunDetail']['scores'];

/** The thresholds that held in each phase, as the newest of its decisions has them. */
export function thresholdsOf(
  decisions: readonly Decision[],
  parts: ReadonlyMap<string, DecisionParts>,
): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const thresholds = new Map<string, Readonly<Record<string, number>>>();
  for (const { decisionId, phase } of [...decisions].sort((one, other) => one.version - other.version)) {
    const found = parts.get(decisionId)?.facts?.thresholds;
    if (phase !== null && found != null) thresholds.set(phase, found);
  }
  return thresholds;
}

/** One line for each dimension of each phase, in the order in which they came. */
export function seriesOf(
  scores: Scores,
  thresholds: ReadonlyMap<string, Readonly<Record<string, number>>>,
): readonly ScoreSeries[] {
  const lines = new Map<
    string,
    { readonly phase: string; readonly dimension: string; readonly points: { round: number; score: number }[] }
  >();
  for (const { phase, round, scores: given } of scores) {
    for (const [dimension, score] of Object.entries(given)) {
      const key = JSON.stringify([phase, dimension]);
      const line = lines.get(key) ?? { phase, dimension, points: [] };
      line.points.push({ round, score });
      lines.set(key, line);
    }
  }
  return [...lines.values()].map(({ phase, dimension, points }) => ({
    phase,
    dimension,
    threshold: thresholds.get(phase)?.[dimension] ?? null,
    points: points.sort((one, other) => one.round - other.round),
  }));
}

export interface Placed {
  readonly x: number;
  readonly y: number;
}

/** Where points stand in a drawing: rounds from left to right, scores from 0 at the foot to 10 at the head. */
export function placed(points: ScoreSeries['points'], width: number, height: number, edge: number): readonly Placed[] {
  const first = points[0]?.round ?? 0;
  const span = Math.max(1, (points.at(-1)?.round ?? 0) - first);
  return points.map(({ round, score }) => ({
    x: edge + ((round - first) / span) * (width - 2 * edge),
    y: heightOf(score, height, edge),
  }));
}

/** Scores go from 0 to 10. */
export const heightOf = (score: number, height: number, edge: number): number =>
  height - edge - (Math.min(10, Math.max(0, score)) / 10) * (height - 2 * edge);
