export { admitCall, type Spent } from './admit-call.js';
export { ANTHROPIC_URL, type AnthropicModelConfig, createAnthropicModel } from './anthropic.js';
export { costUsd } from './cost.js';
export { modelAborted, type SpentCall, UnusableAnswer } from './errors.js';
export { type Journal, type JournaledModel, withJournal } from './journal.js';
export { strongerModel } from './ladder.js';
export {
  type CallModel,
  type ModelRequest,
  type ModelResponse,
  type ModelUsage,
  OFFLINE_MODEL,
} from './model.js';
export { type ModelPrice, PRICE_TABLE_VERSION, PRICES, type TokenRates } from './prices.js';
