import {
  type Context,
  createNoopMeter,
  INVALID_SPAN_CONTEXT,
  metrics,
  ProxyTracerProvider,
  trace,
} from '@opentelemetry/api';
import type { Telemetry } from 'bullmq';
import { BullMQOTelSpan, BullMQOtel } from 'bullmq-otel';

/** What BullMQ does by itself every few seconds, and looks for work, is no part of what anybody asked for. */
const TOLD = /^(add|addBulk|process)\b/;

const SCOPE = 'bullmq';

/** Whether somebody set tracing up. A span would say no more than what the sampler thinks of that one span. */
function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(SCOPE) !== undefined;
}

/**
 * BullMQ's own spans and counts, where OpenTelemetry is set up in this process, for the one or the other; nothing where not. They are of the job: what a
 * task belongs to stands in its envelope, which outlives the queue.
 */
export function queueTelemetry(): { readonly telemetry?: Telemetry<Context> } {
  const isCounting = metrics.getMeter(SCOPE) !== createNoopMeter();
  if (!isTracing() && !isCounting) return {};
  const own = new BullMQOtel({ tracerName: SCOPE, meterName: SCOPE, enableMetrics: isCounting });
  const { tracer, contextManager } = own;
  return {
    telemetry: {
      ...(own.meter === undefined ? {} : { meter: own.meter }),
      tracer: {
        startSpan: (name, options, context) =>
          TOLD.test(name)
            ? tracer.startSpan(name, options, context)
            : new BullMQOTelSpan(trace.wrapSpanContext(INVALID_SPAN_CONTEXT)),
      },
      contextManager: {
        active: () => contextManager.active(),
        with: (context, work) => contextManager.with(context, work),
        getMetadata: (context) => contextManager.getMetadata(context),
        fromMetadata: (active, metadata) => {
          try {
            return contextManager.fromMetadata(active, metadata);
          } catch {
            // Written by whoever can put jobs there: a job is not given up for what it says of its trace.
            return active;
          }
        },
      },
    },
  };
}
