export { checkComposition } from './check-composition.js';
export { whyNotComposed } from './composed-document.js';
export { estimateCost } from './estimate-cost.js';
export { matchGoal } from './match-goal.js';
export { nearestFirst } from './nearest-first.js';
export { slimSchema } from './slim-schema.js';
