import { CHECKS_IN_PLACE } from './checks.js';

/* What can be said of a document by itself: for programs that have no database, and load none here. */
export { checkDocument } from './check-document.js';
export { checkIdentity } from './check-identity.js';
export { checkYaml, YAML_OPTIONS } from './check-yaml.js';
export { parseYaml } from './parse-yaml.js';

/** See `Checks`: here and now, of what is one's own. */
export const { input: checkInput } = CHECKS_IN_PLACE;
