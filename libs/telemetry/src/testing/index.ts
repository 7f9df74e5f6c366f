import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** OpenTelemetry as somebody's process may have it, with spans that a test can look at. */
export interface RecordedSpans {
  /** Those that ended, since they were asked for last. */
  readonly take: () => readonly ReadableSpan[];
  readonly stop: () => void;
}

/** @param isSampled whether the sampler wants any of them; otherwise there is an SDK that records nothing */
export function recordSpans({ isSampled = true }: { readonly isSampled?: boolean } = {}): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const sampling = isSampled ? {} : { sampler: new AlwaysOffSampler() };
  trace.setGlobalTracerProvider(
    new TracerProvider({ ...sampling, spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
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
