export { type BenchResult, benchDecide } from './bench-decide.js';
