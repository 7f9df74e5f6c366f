export { appendTurns, benchAppend } from './bench-append.js';
export { createTestDatabase, type TestDatabase } from './database.js';
export { planOf } from './plan.js';
