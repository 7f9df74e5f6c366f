import { context, DiagConsoleLogger, DiagLogLevel, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { type TelemetryEnv, wantedOf } from './telemetry-env.js';

/** OpenTelemetry as it was set up in this process. */
export interface Telemetry {
  readonly traces: boolean;
  /** Sends what is left, within `timeoutMs`. Never throws: what cannot be sent is lost, and no more than that. */
  readonly stop: (timeoutMs: number) => Promise<void>;
}

/**
 * Sets OpenTelemetry up for this process where the environment names an endpoint, and loads nothing of it where not.
 *
 * @returns null where nobody asked for it
 */
export async function startTelemetry(
  service: { readonly name: string; readonly version: string },
  env: TelemetryEnv,
): Promise<Telemetry | null> {
  const wanted = wantedOf(env);
  if (!wanted.traces && !wanted.metrics) return null;
  const { openSdk } = await import('./sdk.js');
  // A collector that is away is told in the log of the process, and nothing else changes.
  diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
  const sdk = openSdk(service, env, wanted);
  if (sdk.contextManager !== null) context.setGlobalContextManager(sdk.contextManager);
  propagation.setGlobalPropagator(sdk.propagator);
  if (sdk.tracerProvider !== null) trace.setGlobalTracerProvider(sdk.tracerProvider);
  if (sdk.meterProvider !== null) metrics.setGlobalMeterProvider(sdk.meterProvider);
  return {
    traces: wanted.traces,
    stop: async (timeoutMs) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      const closed = Promise.allSettled([sdk.tracerProvider?.shutdown(), sdk.meterProvider?.shutdown()]);
      await Promise.race([closed, late]);
      clearTimeout(timer);
    },
  };
}
