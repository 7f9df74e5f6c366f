export { KNOWN_FOR_MS, rememberingKeys } from './known-keys.js';
export { mayHoldSealed } from './sealed-within.js';
export { missingSubjects, Sealer, subjectIn } from './sealer.js';
