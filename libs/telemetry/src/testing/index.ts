import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** OpenTelemetry as somebody's process may have it, with spans that a test can look at. */
export interface RecordedSpans {
  /** Those that ended, since they were asked for last. */
  readonly take: () => readonly ReadableSpan[];
  readonly stop: () => void;
}

export function recordSpans(): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  return {
    take: () => {
      const spans = [...exporter.getFinishedSpans()];
      exporter.reset();
      return spans;
    },
    stop: () => {
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}
