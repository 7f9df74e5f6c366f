export { decision, document, runStarted } from './events.js';
export { openTestLog, type TestLog } from './test-log.js';
export { until } from './until.js';
