/*
 * What can stand where in a workflow document. The gateway has the last word: what is wrong with a document it says in its
 * findings, and what is missing here can still be written.
 */

export const DOCUMENT_KEYS = [
  'name',
  'version',
  'title',
  'description',
  'input',
  'definition',
  'phases',
  'steps',
  'decisions',
  'personal',
  'questions',
  'budget',
];

const MACHINE_KEYS = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds'];

export const STATE_KEYS = [
  'Type',
  'Comment',
  'Next',
  'End',
  'Assign',
  'Output',
  'Arguments',
  'Resource',
  'TimeoutSeconds',
  'HeartbeatSeconds',
  'Retry',
  'Catch',
  'Choices',
  'Default',
  'Branches',
  'Items',
  'ItemSelector',
  'ItemProcessor',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  'Seconds',
  'Timestamp',
  'Error',
  'Cause',
];

export const STATE_TYPES = ['Task', 'Choice', 'Map', 'Parallel', 'Pass', 'Wait', 'Succeed', 'Fail'];

export const RESOURCES = [
  'baton:worker:planner',
  'baton:worker:validator',
  'baton:worker:programmer',
  'baton:worker:tester',
  'baton:worker:prompt',
  'baton:worker:deployer',
  'baton:approval',
  'baton:workflow:',
];

/** What stands in each of these members. */
export const KEYS_IN: Readonly<Record<string, readonly string[]>> = {
  Retry: ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'],
  Catch: ['ErrorEquals', 'Next', 'Assign', 'Output'],
  Choices: ['Condition', 'Next', 'Assign', 'Output'],
  Branches: MACHINE_KEYS,
  ItemProcessor: MACHINE_KEYS,
  definition: MACHINE_KEYS,
  phases: ['name', 'states'],
  decisions: ['mode', 'at', 'advice', 'recovery', 'limits'],
  at: [
    'state',
    'phase',
    'scores',
    'thresholds',
    'hysteresis',
    'round',
    'maxRounds',
    'failingTools',
    'unrunTools',
    'findings',
    'toolFindings',
    'passes',
    'output',
    'needsHuman',
    'needsApproval',
  ],
  budget: ['usd', 'tokens', 'wallClock'],
};

/** Of a step, below its state's name. */
export const STEP_KEYS = [
  'number',
  'title',
  'template',
  'by',
  'alternateTemplate',
  'maxOutputTokens',
  'cache',
  'budget',
];

export const MODES = ['programmatic', 'llm', 'hybrid', 'shadow', 'auto'];
