export { type Account, accountOfCommands } from './account.js';
export { endingOf } from './ending.js';
export { findSandbox, type SandboxChoice, type SandboxRequest, SandboxSetting } from './find-sandbox.js';
export { isStillRunning, nameOfProcess } from './process-name.js';
export { readLeftFile } from './read-files.js';
export { openRunFolder, type RunFolder, removeTree } from './run-folder.js';
export {
  type Execution,
  ExecutionRecord,
  type PreparedFolder,
  type ReadOnlyPlace,
  type Sandbox,
  SandboxLimits,
  type SandboxView,
} from './sandbox.js';
