export type { AgentEnv } from './service/env.js';
export { runAgent, startAgent } from './service/start-agent.js';
export { Deliverable, Plan, ToolReport } from './task/outputs.js';
