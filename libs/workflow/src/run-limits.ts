/** How much a run may do before the hub takes it for one that does not end. Settings of the hub, by their names below. */
export interface RunLimits {
  /** States that a frame may enter one after the other without waiting for anything. */
  readonly statesWithoutWaiting: number;
  /** What the expressions of one field may cost, in steps of the evaluator: one or two microseconds each. */
  readonly expressionSteps: number;
}

export const DEFAULT_RUN_LIMITS: RunLimits = { statesWithoutWaiting: 1_000, expressionSteps: 100_000 };

/** The environment variables of the orchestrator, for the errors that name them. */
export const SETTING_OF = {
  statesWithoutWaiting: 'BATON_STATES_WITHOUT_WAITING',
  expressionSteps: 'BATON_EXPRESSION_STEPS',
} as const satisfies Record<keyof RunLimits, string>;
