import { listeningFetch } from './silence.js';

/** What each client of a model server is made with. */
export const CLIENT_OPTIONS = {
  // Repetition is ours: the clients would sleep through a `retry-after` of any length, and never repeat a call whose error
  // came as an event of the stream.
  maxRetries: 0,
  // Silence ends a call, not the clock.
  timeout: 2 ** 31 - 1,
  // Their messages would hold prompts and answers.
  logLevel: 'off',
  fetch: listeningFetch,
} as const;

/** Whoever calls has a span of the call already, and the clients' own can be told to hold prompts. */
export const WITHOUT_SPANS = { openTelemetry: false } as const;
