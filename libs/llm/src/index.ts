export { admitCall, type Spent } from './admit-call.js';
export {
  type CapabilityOverrides,
  type ModelCapabilities,
  NO_OVERRIDES,
  parseCapabilityOverrides,
} from './capabilities.js';
export { connectModel, PROVIDERS, type ProviderEnv } from './connect-model.js';
export type { ConnectedModel, ModelSettings } from './connected-model.js';
export { costMicroUsd } from './cost.js';
export { InterruptedCall, ModelBusy, modelAborted, type SpentCall, spentOf, UnusableAnswer } from './errors.js';
export { type Journal, withJournal } from './journal.js';
export { type ExtractedJson, extractJson } from './json/extract-json.js';
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
  type ToolOutcome,
} from './model.js';
export { readPriceFile } from './price-file.js';
export { type ModelPrice, PRICES } from './prices.js';
export { createAnthropicModel } from './providers/anthropic.js';
