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
export { CATALOG_THREAD, type Checks, checksOn } from './checks.js';
export { compareVersions } from './compare-versions.js';
export { catalogMigrations } from './migrations.js';
export { openCatalog, openWorkflowCatalog } from './open-catalog.js';
export { publishComposed, publishWorkflow } from './publish-workflow.js';
export { unknownWorkflow } from './unknown-workflow.js';
export { withdrawWorkflow } from './withdraw-workflow.js';
