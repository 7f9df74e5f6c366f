import { setTimeout as delay } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import { BatonError, RetryableError, TerminalError } from '@baton/contracts';
import { toResponse } from './anthropic-answer.js';
import { toModelError } from './anthropic-errors.js';
import { modelAborted } from './errors.js';
import type { CallModel, ModelRequest, ModelResponse } from './model.js';

export interface AnthropicModelConfig {
  readonly apiKey: string;
  /** Root of a server that speaks the Messages API. Default: Anthropic's. */
  readonly baseUrl?: string;
  /** Repetitions within one call, 0 or 1 (default): the queue behind it repeats too, and the two multiply. */
  readonly maxRetries?: 0 | 1;
  /** Bounds one request from its start to the last byte of its answer, in milliseconds. Default 15 minutes. */
  readonly timeoutMs?: number;
  /** The clock, for `retry-after` headers that name an instant. */
  readonly nowMs?: () => number;
}

const ANTHROPIC_URL = 'https://api.anthropic.com';
const DEFAULT_TIMEOUT_MS = 15 * 60_000;
/** A server that asks for a longer wait is left to the queue, which does not hold a worker while it waits. */
const LONGEST_WAIT_HERE_MS = 10_000;

/**
 * A model behind Anthropic's Messages API. Answers are streamed, because the API cuts a long one off otherwise.
 * Throws TerminalError with code `model-auth`, `model-billing`, `model-not-found`, `model-request`, `model-unexpected-stop`,
 * `model-output-limit`, `model-context-limit` or `Baton.ModelRefused` (the last four are UnusableAnswer and know what was
 * paid), and RetryableError with code `model-rate-limited`, `model-overloaded`, `model-unavailable`, `model-unreachable`,
 * `model-timeout`, `model-unreadable`, `model-paused` or `model-aborted`.
 */
export function createAnthropicModel(config: AnthropicModelConfig): CallModel {
  const baseUrl = checkedUrl(config.baseUrl ?? ANTHROPIC_URL);
  const timeoutMs = config.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const nowMs = config.nowMs ?? Date.now;
  const client = new Anthropic({
    apiKey: config.apiKey,
    baseURL: baseUrl,
    // Repetition is done below: the client would sleep through a `retry-after` of any length, and never repeats a call
    // whose error came as an event of the stream.
    maxRetries: 0,
    timeout: timeoutMs,
    // Its messages would hold prompts and answers.
    logLevel: 'off',
  });

  const ask: CallModel = async (request, signal) => {
    // The client's timeout ends with the response's headers; a stream that stalls would wait for ever.
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      return await stream(client, request, AbortSignal.any([signal, timeout]));
    } catch (thrown) {
      throw toModelError(thrown, { baseUrl, model: request.model, signal, timeout, timeoutMs, nowMs: nowMs() });
    }
  };
  return config.maxRetries === 0 ? ask : repeatedOnce(ask);
}

function checkedUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw new BatonError(`The model's address “${url}” is not an http or https URL.`, {
    code: 'model-base-url',
    next: `Correct ANTHROPIC_BASE_URL, or unset it to use ${ANTHROPIC_URL}.`,
  });
}

async function stream(client: Anthropic, request: ModelRequest, signal: AbortSignal): Promise<ModelResponse> {
  const answer = client.messages.stream(
    {
      model: request.model,
      max_tokens: request.maxOutputTokens,
      ...(request.system === '' ? {} : { system: request.system }),
      messages: [{ role: 'user', content: request.prompt }],
      // No temperature, no forced tool, no prefilled answer: current models refuse all three. The schema does the work.
      output_config: { format: { type: 'json_schema', schema: wireSchema(request) } },
      cache_control: { type: 'ephemeral' },
    },
    { signal, openTelemetry: { conversationId: request.conversationId } },
  );
  const message = await answer.finalMessage();
  return toResponse(message, { requestId: answer.request_id ?? null, maxOutputTokens: request.maxOutputTokens });
}

/** The API takes a subset of JSON Schema; what it does not know moves into the descriptions, where the model reads it. */
function wireSchema({ output }: ModelRequest): Record<string, unknown> {
  try {
    return transformJSONSchema(output.jsonSchema);
  } catch (cause) {
    throw new TerminalError(`The output schema “${output.name}” cannot be sent to the model.`, {
      code: 'model-request',
      next: 'Give every part of the schema a type.',
      cause,
    });
  }
}

/** Spares the queue a short trouble of the server. */
function repeatedOnce(ask: CallModel): CallModel {
  return async (request, signal) => {
    try {
      return await ask(request, signal);
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      await delay(error.retryAfterMs, undefined, { signal }).catch((cause: unknown) => {
        throw modelAborted(cause);
      });
      return ask(request, signal);
    }
  };
}

const BRIEF_TROUBLES = new Set(['model-rate-limited', 'model-overloaded', 'model-unavailable', 'model-unreachable']);

const isWorthRepeating = (error: unknown): error is RetryableError =>
  error instanceof RetryableError && BRIEF_TROUBLES.has(error.code) && error.retryAfterMs <= LONGEST_WAIT_HERE_MS;
