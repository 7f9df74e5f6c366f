export type { Span } from '@opentelemetry/api';
export { recordModelCall } from './model-calls.js';
export {
  activeIds,
  activeTraceparent,
  failed,
  inSpan,
  startSpan,
  traceparentOf,
} from './spans.js';
