import type { RunEvent } from './run-event.js';

/** Events that repeat what the hub was told: theirs is the actor who said it. All others are the hub's own doing. */
export const TOLD_EVENTS: ReadonlySet<RunEvent['type']> = new Set([
  'RunStarted',
  'RunForked',
  'RunRetried',
  'RunPaused',
  'RunResumed',
  'RunRated',
  'RunCancelled',
  'SignalReceived',
  'ApprovalCounted',
  'ApprovalDecided',
  'TaskSubmitted',
  'TaskSucceeded',
  'TaskFailed',
  'TaskAsked',
  'AdviceGiven',
  'AdviceFailed',
]);
