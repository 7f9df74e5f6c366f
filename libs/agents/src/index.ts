export { Deliverable, Plan, ToolReport } from './outputs.js';
export type { AgentEnv } from './service/env.js';
export { runAgent, startAgent } from './service/start-agent.js';
