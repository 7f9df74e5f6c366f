import { type Histogram, metrics } from '@opentelemetry/api';

/*
 * What the conventions of OpenTelemetry for generative models count. They go out by OTLP alone, and nowhere where no SDK is set up;
 * Prometheus has Baton's own (`metrics.ts`).
 */

interface Instruments {
  readonly tokens: Histogram;
  readonly duration: Histogram;
}
let instruments: Instruments | null = null;

/** Made at the first call: what an SDK is set up for later counts from then on. */
function made(): Instruments {
  const meter = metrics.getMeter('baton');
  instruments ??= {
    tokens: meter.createHistogram('gen_ai.client.token.usage', { unit: '{token}' }),
    duration: meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' }),
  };
  return instruments;
}

export interface CountedCall {
  /** `gen_ai.*` of the span of the call. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly durationSeconds: number;
  /** All that was sent, what came from a cache among it; null where nothing was answered. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
}

export function recordModelCall({ attributes, durationSeconds, usage }: CountedCall): void {
  const { tokens, duration } = made();
  duration.record(durationSeconds, attributes);
  if (usage === null) return;
  tokens.record(usage.inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
  tokens.record(usage.outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
}
