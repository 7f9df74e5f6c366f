/** Variables as a process has them. */
export type TelemetryEnv = Readonly<Record<string, string | undefined>>;

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const given = (env: TelemetryEnv, name: string): string => env[name] ?? '';

/** Which of the two go out, by the standard variables: where an endpoint is named, and `none` is not said. */
export function wantedOf(env: TelemetryEnv): { readonly traces: boolean; readonly metrics: boolean } {
  const isOff = given(env, 'OTEL_SDK_DISABLED').toLowerCase() === 'true';
  const wants = (signal: 'TRACES' | 'METRICS'): boolean =>
    !isOff &&
    given(env, `OTEL_${signal}_EXPORTER`) !== 'none' &&
    [ENDPOINT, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`].some((name) => given(env, name) !== '');
  return { traces: wants('TRACES'), metrics: wants('METRICS') };
}
