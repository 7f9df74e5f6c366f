export type { Span } from '@opentelemetry/api';
export { recordModelCall } from './model-calls.js';
export {
  activeIds,
  activeTraceparent,
  failed,
  inSpan,
  type SpanAbout,
  startSpan,
  traceparentOf,
} from './spans.js';
