export { pipeline } from './pipeline.js';
export {
  type Expression,
  type PipelineFacts,
  type PipelineStep,
  TRANSIENT,
  type WorkerName,
} from './pipeline-step.js';
