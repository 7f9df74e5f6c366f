import type { QueryLanguage } from './machine.js';

const CONTINUES = ['Next', 'End'];
const RECOVERS = ['Retry', 'Catch'];
const MAP = [
  ...['ItemReader', 'ItemProcessor', 'Iterator', 'ItemSelector', 'ItemBatcher', 'ResultWriter'],
  ...['MaxConcurrency', 'Label'],
];
const TOLERATES = ['ToleratedFailureCount', 'ToleratedFailurePercentage'];

const RESULTS = ['Output', 'Assign'];
const PATHS = ['InputPath', 'OutputPath'];
const PLACES = [...PATHS, 'ResultPath', 'Assign'];
const SELECTS = [...PLACES, 'ResultSelector'];
const TOLERATES_BY_PATH = ['MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'];
const LIMITS = ['TimeoutSeconds', 'HeartbeatSeconds'];

/** The fields of each type of state in each language, beyond Type, Comment and QueryLanguage. */
export const FIELDS: Readonly<Record<QueryLanguage, Readonly<Record<string, readonly string[]>>>> = {
  JSONata: {
    Task: [...RESULTS, ...CONTINUES, ...RECOVERS, ...LIMITS, 'Resource', 'Arguments'],
    Choice: [...RESULTS, 'Choices', 'Default'],
    Parallel: [...RESULTS, ...CONTINUES, ...RECOVERS, 'Branches', 'Arguments'],
    Map: [...RESULTS, ...CONTINUES, ...RECOVERS, ...MAP, ...TOLERATES, 'Items'],
    Pass: [...RESULTS, ...CONTINUES],
    Succeed: RESULTS,
    Fail: ['Error', 'Cause'],
    Wait: [...RESULTS, ...CONTINUES, 'Seconds', 'Timestamp'],
  },
  JSONPath: {
    Task: [
      ...SELECTS,
      ...CONTINUES,
      ...RECOVERS,
      ...LIMITS,
      'TimeoutSecondsPath',
      'HeartbeatSecondsPath',
      'Resource',
      'Parameters',
    ],
    Choice: [...PATHS, 'Assign', 'Choices', 'Default'],
    Parallel: [...SELECTS, ...CONTINUES, ...RECOVERS, 'Branches', 'Parameters'],
    Map: [...SELECTS, ...CONTINUES, ...RECOVERS, ...MAP, ...TOLERATES, ...TOLERATES_BY_PATH, 'ItemsPath', 'Parameters'],
    Pass: [...PLACES, ...CONTINUES, 'Parameters', 'Result'],
    Succeed: PATHS,
    Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
    Wait: [...PATHS, ...CONTINUES, 'Assign', 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  },
};
