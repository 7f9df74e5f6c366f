export { admitCall, type Spent } from './admit-call.js';
export { type AnswerCache, withAnswerCache } from './answer-cache.js';
export {
  /** @public A part of what the environment of agents is. */
  type CapabilityOverrides,
  parseCapabilityOverrides,
} from './capabilities.js';
export { connectModel, PROVIDERS, type ProviderEnv } from './connect-model.js';
export type { ConnectedModel, ModelSettings } from './connected-model.js';
export { costMicroUsd } from './cost.js';
export {
  CONTEXT_LIMIT,
  InterruptedCall,
  ModelBusy,
  modelAborted,
  type SpentCall,
  spentOf,
  UnusableAnswer,
} from './errors.js';
export { type Journal, withJournal } from './journal.js';
export { extractJson } from './json/extract-json.js';
export { strongerModel } from './ladder.js';
export {
  type CallModel,
  type Media,
  type ModelRequest,
  type ModelResponse,
  /** @public What conversations are made of. */
  type ModelTurn,
  OFFLINE_MODEL,
  type PromptPart,
  /** @public */
  type ToolCall,
  /** @public */
  type ToolDefinition,
  /** @public */
  type ToolOutcome,
} from './model.js';
export { byTurns, type ModelTurns } from './model-turns.js';
export { readPriceFile } from './price-file.js';
export { type ModelPrice, PRICES } from './prices.js';
