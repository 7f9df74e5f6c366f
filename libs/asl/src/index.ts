export { parseTimestamp } from './check-state.js';
export { ErrorName } from './error-names.js';
export { type EvaluationResult, evaluate, type Scope } from './evaluate.js';
export { compileExpression, expressionBody, isExpression } from './expression.js';
export { errorAt, type Finding, type FindingCode, pointerKeys, pointerTo, warningAt } from './finding.js';
export { DEFAULT_LIMITS, type EvaluationLimits } from './guard.js';
export type { Json, JsonObject } from './json.js';
export { isJsonObject } from './json.js';
export {
  type Catcher,
  type ChoiceRule,
  type ChoiceState,
  type FailState,
  innerMachines,
  type MapState,
  type ParallelState,
  type PassState,
  type QueryLanguage,
  type Retrier,
  type State,
  type StateMachine,
  type StateType,
  type SucceedState,
  successorsOf,
  type TaskState,
  type WaitState,
} from './machine.js';
export { machineAt, type ParsedDefinition, type ParseOptions, parseDefinition } from './parse-definition.js';
export { type RandomSource, randomFrom, uuidFrom } from './random.js';
export { findCatcher, findRetrier, matchesError, retryDelayMs } from './retry.js';
