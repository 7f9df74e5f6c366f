export {
  type Catalog,
  type CatalogEntry,
  type CatalogListing,
  createCatalog,
  describeNames,
  type ShippedWorkflow,
  type UnreadableWorkflow,
  type WorkflowOrigin,
} from './catalog.js';
export { type CheckedDocument, checkDocument, type WorkflowFinding } from './check-document.js';
export { checkInput, type InputFinding } from './input-check.js';
export { catalogMigrations } from './migrations.js';
export { openCatalog, openWorkflowCatalog } from './open-catalog.js';
export { parseYaml } from './parse-yaml.js';
export { type Publication, publishWorkflow } from './publish-workflow.js';
export { readWorkflowFiles } from './read-workflow-files.js';
