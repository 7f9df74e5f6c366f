import { columns, quantile } from '../result.js';
import { type EngineId, POINTS, type Point, TARGETS, type Target, TITLES } from './points.js';

/** What was read off in one round: an engine at a point. */
export interface Reading {
  readonly round: number;
  readonly point: string;
  readonly engine: EngineId;
  readonly value: number;
}

/** The median of some rounds, and the extremes. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  return min === undefined || max === undefined ? null : { median: middle(sorted), min, max };
}

/** Of an even number of rounds the mean of the two in the middle: neither is more the median than the other. */
const middle = (sorted: readonly number[]): number => (quantile(sorted, 0.5) + upper(sorted)) / 2;
const upper = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

/** A target, and how it went. */
export interface Verdict {
  readonly target: Target;
  /** The best of the peers that were measured. */
  readonly peer: EngineId;
  /** Of the medians. */
  readonly ratio: number;
  /** The least and the greatest ratio within one round, where both were measured in turn. */
  readonly min: number;
  readonly max: number;
  readonly isMet: boolean;
}

const valuesOf = (readings: readonly Reading[], point: string, engine: EngineId): readonly number[] =>
  readings.filter((reading) => reading.point === point && reading.engine === engine).map(({ value }) => value);

/** The targets for which both sides were measured. */
export function verdicts(readings: readonly Reading[]): readonly Verdict[] {
  return TARGETS.flatMap((target) => {
    const point = POINTS.find(({ id }) => id === target.point);
    const verdict = point === undefined ? null : verdictOn(target, point, readings);
    return verdict === null ? [] : [verdict];
  });
}

function verdictOn(target: Target, point: Point, readings: readonly Reading[]): Verdict | null {
  const medianOf = (engine: EngineId): number | undefined => spreadOf(valuesOf(readings, point.id, engine))?.median;
  const own = medianOf(target.engine);
  const peers = target.peers.flatMap((peer) => {
    const median = medianOf(peer);
    return median === undefined ? [] : [{ peer, median }];
  });
  // Ahead of some peers says nothing of the best one.
  if (own === undefined || peers.length < target.peers.length) return null;
  const [best] = peers.toSorted((a, b) => (point.isLatency ? a.median - b.median : b.median - a.median));
  if (best === undefined) return null;
  const ratio = own / best.median;
  const within = ratiosWithin(readings, point.id, target.engine, best.peer);
  return {
    target,
    peer: best.peer,
    ratio,
    min: Math.min(ratio, ...within),
    max: Math.max(ratio, ...within),
    isMet: point.isLatency ? ratio <= target.factor : ratio >= target.factor,
  };
}

function ratiosWithin(
  readings: readonly Reading[],
  point: string,
  engine: EngineId,
  peer: EngineId,
): readonly number[] {
  const at = readings.filter((reading) => reading.point === point && !Number.isNaN(reading.value));
  return at
    .filter((reading) => reading.engine === engine)
    .flatMap(({ round, value }) => {
      const other = at.find((reading) => reading.engine === peer && reading.round === round);
      return other === undefined ? [] : [value / other.value];
    });
}

/** For people: a row a point and a column an engine, then the targets. */
export function outcomeLines(readings: readonly Reading[], engines: readonly EngineId[]): readonly string[] {
  const points = POINTS.filter(({ id }) => readings.some(({ point }) => point === id));
  const table = [
    ['median (least–greatest)', ...engines.map((engine) => TITLES[engine])],
    ...points.map((point) => [
      `${point.title}, ${point.unit}`,
      ...engines.map((engine) => spreadText(spreadOf(valuesOf(readings, point.id, engine)))),
    ]),
  ];
  const said = verdicts(readings).map(verdictText);
  return [...columns(table), ...(said.length === 0 ? [] : ['', 'Targets', ...said.map((line) => `  ${line}`)])];
}

function verdictText({ target, peer, ratio, min, max, isMet }: Verdict): string {
  const point = POINTS.find(({ id }) => id === target.point);
  const wanted = `${point?.isLatency === true ? 'at most' : 'at least'} ${target.factor}`;
  const best = target.peers.length > 1 ? ', the best peer,' : '';
  return `${isMet ? 'met    ' : 'missed '} ${TITLES[target.engine]}: ${point?.title}: ${ratio.toFixed(2)} × ${TITLES[peer]}${best} (${min.toFixed(2)}–${max.toFixed(2)}), wanted ${wanted}`;
}

const spreadText = (spread: Spread | null): string =>
  spread === null ? '–' : `${digits(spread.median)} (${digits(spread.min)}–${digits(spread.max)})`;

const digits = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
