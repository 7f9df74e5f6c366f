export { unreadableExpression } from './check-fields.js';
export { definitionSchema } from './definition-schema.js';
export { ErrorName } from './error-names.js';
export { type EvaluationResult, evaluate, evaluateSmall, type Scope } from './evaluate.js';
export { EVALUATE_HERE, type Evaluator } from './evaluator.js';
export { compileExpression, expressionBody, isExpression } from './expression.js';
export { errorAt, type Finding, pointerTo, warningAt } from './finding.js';
export { FUNCTION_NAMES } from './functions.js';
export { DEFAULT_LIMITS, type EvaluationLimits } from './guard.js';
export type { Json, JsonObject } from './json.js';
export { isJsonObject } from './json.js';
export { evaluatePath, evaluateSmallPath } from './jsonpath/evaluate-path.js';
export type { PathScope } from './jsonpath/evaluate-query.js';
export { type PathAsked, visiblePathScope } from './jsonpath/path-reads.js';
export { placeResult } from './jsonpath/result-path.js';
export {
  type ChoiceRule,
  type ChoiceState,
  type DataTest,
  type FailState,
  type ItemReader,
  innerMachines,
  itemProcessorOf,
  type MapState,
  type ParallelState,
  type QueryLanguage,
  type ResultWriter,
  type Retrier,
  type State,
  type StateMachine,
  type StateType,
  successorsOf,
  type TaskState,
  type WaitState,
} from './machine.js';
export { languageOf, machineAt } from './machine-at.js';
export { type ParsedDefinition, parseDefinition, readDefinition } from './parse-definition.js';
export { preview } from './preview.js';
export { randomFrom } from './random.js';
export { findCatcher, findRetrier, matchesError, retryDelayMs } from './retry.js';
export { withStateLanguages } from './state-languages.js';
export { charactersToRead } from './templates.js';
export { parseTimestamp } from './timestamp.js';
export { utf8Length } from './utf8.js';
export { visibleScope } from './visible-scope.js';
export { deepCost } from './weigh.js';
