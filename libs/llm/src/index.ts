export { type SpentCall, UnusableAnswer } from './errors.js';
export {
  type CallModel,
  type ModelRequest,
  type ModelResponse,
  type ModelUsage,
  OFFLINE_MODEL,
} from './model.js';
export { createOfflineModel, type OfflineModelOptions } from './offline/offline-model.js';
