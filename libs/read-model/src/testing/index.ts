export { decision, document, RUN_ID, runStarted } from './events.js';
export { type AnyEvent, openTestLog, type TestLog } from './test-log.js';
export { until } from './until.js';
