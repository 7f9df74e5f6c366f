export { benchMapUnderBudget } from './bench-budget.js';
export { type BenchResult, benchDecide } from './bench-decide.js';
