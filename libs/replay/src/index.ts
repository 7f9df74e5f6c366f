export { type ReplayOptions, rangesOf, replayLog, replayRun } from './replay-log.js';
