export { admitCall, type Spent } from './admit-call.js';
export { createAnthropicModel } from './anthropic.js';
export { costMicroUsd } from './cost.js';
export { modelAborted, UnusableAnswer } from './errors.js';
export { type Journal, withJournal } from './journal.js';
export { strongerModel } from './ladder.js';
export {
  type CallModel,
  type ModelRequest,
  type ModelResponse,
  type ModelTurn,
  type ModelUsage,
  OFFLINE_MODEL,
  type ToolCall,
  type ToolDefinition,
} from './model.js';
