export { type Analyst, openAnalyst } from './analyse.js';
export { type AskedWindow, TooMuchToRead } from './window.js';
