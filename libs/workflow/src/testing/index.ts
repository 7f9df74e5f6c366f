export { asAppended } from './as-appended.js';
export { benchMapUnderBudget } from './bench-budget.js';
export { benchDecide } from './bench-decide.js';
