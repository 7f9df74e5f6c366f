/** The parts of the view, as the address names them. */
export const RECOMMENDATION_PARTS = ['list', 'patterns'] as const;

/** How many runs are looked at, the newest. */
export const RUN_COUNTS = [50, 200, 500, 2_000] as const;
export const USUAL_RUNS = 200;

export interface PartProps {
  readonly workflow: string | undefined;
  readonly runs: number;
}
