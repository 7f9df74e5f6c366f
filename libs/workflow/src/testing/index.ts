export { benchMapUnderBudget } from './bench-budget.js';
export { benchDecide } from './bench-decide.js';
