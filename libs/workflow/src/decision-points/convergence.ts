import { ClassifierLimits } from '../document/workflow-document.js';

/** Where a workflow names no limits of its own. */
export const USUAL_LIMITS: ClassifierLimits = ClassifierLimits.parse({});

/** Dimension → score, 0 to 10. */
export type Scores = Readonly<Record<string, number>>;

/** The score of a dimension, whatever it is called: every object has a `constructor`, and none is a score. */
export const scoreOf = (scores: Scores, dimension: string): number | undefined =>
  Object.hasOwn(scores, dimension) ? scores[dimension] : undefined;

export interface Convergence {
  /** One sentence for each way in which the rounds do not get closer to the goal. */
  readonly issues: readonly string[];
  /** One sentence for each thing that is odd about how scores moved, without being an issue yet. */
  readonly unusual: readonly string[];
  /** The last round gained next to nothing. */
  readonly isPlateau: boolean;
  /** The dimensions that fell notably in the last round. */
  readonly fallen: readonly string[];
  /** The dimensions that go up and down. */
  readonly swinging: readonly string[];
  readonly isLastRound: boolean;
}

/** Smaller ups and downs are noise of the judge. */
const NOTABLE_SWING = 0.5;

/**
 * How the scores of a phase move from round to round.
 * @param rounds the scores of the phase's rounds, oldest first, the one just finished last
 */
export function analyseConvergence(
  rounds: readonly Scores[],
  round: number | null,
  maxRounds: number | null,
  { gain: leastGain, drop }: Pick<ClassifierLimits, 'gain' | 'drop'> = USUAL_LIMITS,
): Convergence {
  const issues: string[] = [];
  const unusual: string[] = [];
  const fallen: string[] = [];
  const swinging: string[] = [];
  let isPlateau = false;
  const now = rounds.at(-1);
  const before = rounds.at(-2);
  if (now !== undefined && before !== undefined) {
    const shared = Object.keys(now).filter((dimension) => scoreOf(before, dimension) !== undefined);
    const changes = shared.map((dimension) => ({ dimension, change: difference(now[dimension], before[dimension]) }));
    const gain = difference(changes.reduce((sum, { change }) => sum + change, 0));
    isPlateau = shared.length > 0 && gain < leastGain;
    if (isPlateau) issues.push(`the scores gained ${show(gain)} in all since the round before`);
    for (const { dimension, change } of changes) {
      if (change <= -drop) {
        fallen.push(dimension);
        unusual.push(`${dimension} fell by ${show(-change)}`);
      }
      if (swings(rounds, dimension)) {
        swinging.push(dimension);
        unusual.push(`${dimension} goes up and down`);
      }
    }
  }
  const isLastRound = round !== null && maxRounds !== null && round >= maxRounds;
  if (isLastRound) issues.push(`the last of ${maxRounds} rounds is reached`);
  return { issues, unusual, isPlateau, fallen, swinging, isLastRound };
}

/**
 * The thresholds with hysteresis: a dimension that has reached its threshold stays good enough as long as it does not
 * fall below it by more than `hysteresis`. So the noise of a judge does not send work back that was accepted.
 * @param earlier the scores of earlier rounds, oldest first
 */
export function heldThresholds(thresholds: Scores, earlier: readonly Scores[], hysteresis: number): Scores {
  if (hysteresis <= 0) return thresholds;
  return Object.fromEntries(
    Object.entries(thresholds).map(([dimension, threshold]) => {
      const held = difference(threshold, hysteresis);
      const isHeld = earlier.reduce((was, scores) => {
        const score = scoreOf(scores, dimension);
        return score === undefined ? was : score >= (was ? held : threshold);
      }, false);
      return [dimension, isHeld ? held : threshold];
    }),
  );
}

/** Whether the last two changes of a score are both notable and of opposite sign. */
function swings(rounds: readonly Scores[], dimension: string): boolean {
  const [first, second, third] = rounds.slice(-3).map((scores) => scoreOf(scores, dimension));
  if (first === undefined || second === undefined || third === undefined) return false;
  const [earlier, later] = [difference(second, first), difference(third, second)];
  return Math.sign(earlier) === -Math.sign(later) && Math.min(Math.abs(earlier), Math.abs(later)) >= NOTABLE_SWING;
}

/** Scores have a few decimals; binary fractions would make 7.3 − 7 fall short of 0.3. */
const difference = (after = 0, before = 0): number => Math.round((after - before) * 1e6) / 1e6;

/** A score as people write it: at most two digits after the point. */
export const show = (score: number): string => String(Math.round(score * 100) / 100);
