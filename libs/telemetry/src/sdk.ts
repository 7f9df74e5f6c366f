import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TelemetryEnv } from './telemetry-env.js';

/*
 * The SDK, with no more of it than traces and metrics by OTLP over HTTP. The exporters read their endpoint, headers, timeout and
 * compression from the standard variables by themselves. This module is loaded only where somebody asked for it.
 */

interface Sdk {
  readonly contextManager: AsyncLocalStorageContextManager | null;
  /** For BullMQ's own spans: Baton's stand in envelopes. */
  readonly propagator: W3CTraceContextPropagator;
  readonly tracerProvider: TracerProvider | null;
  readonly meterProvider: MeterProvider | null;
}

const METRICS_EVERY_MS = 60_000;

export function openSdk(
  { name, version }: { readonly name: string; readonly version: string },
  env: TelemetryEnv,
  wanted: { readonly traces: boolean; readonly metrics: boolean },
): Sdk {
  const own = { 'service.name': `baton-${name}`, 'service.namespace': 'baton', 'service.version': version };
  const instance = { 'service.instance.id': `${env.HOSTNAME ?? 'host'}-${process.pid}`, 'process.pid': process.pid };
  const resource = defaultResource()
    .merge(resourceFromAttributes({ ...own, ...instance }))
    // What the operator says of a process counts.
    .merge(detectResources({ detectors: [envDetector] }));
  const isJson = (signal: 'TRACES' | 'METRICS'): boolean =>
    (env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ?? env.OTEL_EXPORTER_OTLP_PROTOCOL) === 'http/json';
  const traceExporter = () => (isJson('TRACES') ? new JsonTraceExporter() : new OTLPTraceExporter());
  const metricExporter = () => (isJson('METRICS') ? new JsonMetricExporter() : new OTLPMetricExporter());
  return {
    propagator: new W3CTraceContextPropagator(),
    contextManager: wanted.traces ? new AsyncLocalStorageContextManager().enable() : null,
    tracerProvider: wanted.traces
      ? new TracerProvider({
          resource,
          sampler: samplerOf(env),
          spanProcessors: [
            new BatchSpanProcessor({
              exporter: traceExporter(),
              scheduledDelayMillis: numberOf(env.OTEL_BSP_SCHEDULE_DELAY, 5_000),
            }),
          ],
        })
      : null,
    meterProvider: wanted.metrics
      ? new MeterProvider({
          resource,
          readers: [
            new PeriodicExportingMetricReader({
              exporter: metricExporter(),
              exportIntervalMillis: numberOf(env.OTEL_METRIC_EXPORT_INTERVAL, METRICS_EVERY_MS),
            }),
          ],
        })
      : null,
  };
}

/** As `OTEL_TRACES_SAMPLER` says; what whoever began a trace decided counts, where nothing is said. */
function samplerOf(env: TelemetryEnv): Sampler {
  const ratio = new TraceIdRatioBasedSampler(shareOf(env.OTEL_TRACES_SAMPLER_ARG));
  const root = (sampler: Sampler): Sampler => new ParentBasedSampler({ root: sampler });
  switch (env.OTEL_TRACES_SAMPLER) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return ratio;
    case 'parentbased_always_off':
      return root(new AlwaysOffSampler());
    case 'parentbased_traceidratio':
      return root(ratio);
    default:
      return root(new AlwaysOnSampler());
  }
}

const shareOf = (text = '1'): number => {
  const share = Number(text);
  return share >= 0 && share <= 1 ? share : 1;
};

const numberOf = (text: string | undefined, otherwise: number): number => {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
};
