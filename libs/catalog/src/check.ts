/* What can be said of a document by itself: for programs that have no database, and load none here. */
export { checkDocument } from './check-document.js';
export { checkIdentity } from './check-identity.js';
export { checkInput } from './input-check.js';
