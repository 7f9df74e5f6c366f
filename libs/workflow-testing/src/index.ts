export { type AnswersInput, parseAnswers } from './answers.js';
export type { StateReport } from './report.js';
export { testWorkflow, WorkflowNotValid, type WorkflowTestOptions, type WorkflowTestResult } from './test-workflow.js';
