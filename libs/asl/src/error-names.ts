/** Errors that the language itself names. */
export const ErrorName = {
  all: 'States.ALL',
  taskFailed: 'States.TaskFailed',
  timeout: 'States.Timeout',
  heartbeatTimeout: 'States.HeartbeatTimeout',
  permissions: 'States.Permissions',
  noChoiceMatched: 'States.NoChoiceMatched',
  queryEvaluation: 'States.QueryEvaluationError',
  intrinsicFailure: 'States.IntrinsicFailure',
  resultPathMatchFailure: 'States.ResultPathMatchFailure',
  exceedToleratedFailureThreshold: 'States.ExceedToleratedFailureThreshold',
  itemReaderFailed: 'States.ItemReaderFailed',
  resultWriterFailed: 'States.ResultWriterFailed',
  dataLimitExceeded: 'States.DataLimitExceeded',
  runtime: 'States.Runtime',
} as const;
