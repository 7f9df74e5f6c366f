export { type AgentsConfig, createAgents, type WorkingAgent } from './create-agents.js';
export { type Hints, Recovery } from './hints.js';
export { type ChosenModel, chooseModel, DEFAULT_MODELS, type ModelSettings } from './model/choose-model.js';
export {
  Deliverable,
  Dimension,
  Implementation,
  Issue,
  isModelOutputName,
  jsonSchemaOf,
  Language,
  type ModelOutputName,
  modelOutputs,
  Plan,
  Refinement,
  Review,
  Scores,
  ToolFinding,
  ToolName,
  ToolReport,
  ToolResult,
} from './outputs.js';
export {
  DeliverableFile,
  FileSet,
  fileSetProblems,
  MAX_FILES,
  MAX_TOTAL_BYTES,
  pathProblem,
} from './programmer/file-set.js';
export { PromptArguments } from './prompt/prompt-arguments.js';
export type { AgentEnv } from './service/env.js';
export { type AgentService, runAgent, startAgent } from './service/start-agent.js';
export {
  AdviceArguments,
  ImplementArguments,
  PlanArguments,
  RefineArguments,
  ReviewCodeArguments,
  ReviewPlanArguments,
  RevisePlanArguments,
  ToolArguments,
} from './task-arguments.js';
export { loadTemplates, type Templates } from './templates/load-templates.js';
export { renderPrompt } from './templates/render.js';
export type { Template, TemplatePart } from './templates/template.js';
export type { ExecuteGenerated } from './validator/tools/run-tools.js';
