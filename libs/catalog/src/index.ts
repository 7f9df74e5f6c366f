export {
  type Catalog,
  type CatalogEntry,
  createCatalog,
  describeNames,
  type UnreadableWorkflow,
  type WorkflowOrigin,
} from './catalog.js';
export { checkDocument } from './check-document.js';
export { checkIdentity } from './check-identity.js';
export { checkInput } from './input-check.js';
export { catalogMigrations } from './migrations.js';
export { openCatalog, openWorkflowCatalog } from './open-catalog.js';
export { parseYaml } from './parse-yaml.js';
export { publishWorkflow } from './publish-workflow.js';
export { unknownWorkflow } from './unknown-workflow.js';
