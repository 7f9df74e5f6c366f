export { patternsInThread, recommendInThread } from './analyse.js';
export { TooMuchToRead } from './window.js';
