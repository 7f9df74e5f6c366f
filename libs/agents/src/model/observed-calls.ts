import { usdOf } from '@baton/contracts';
import {
  type CallModel,
  costMicroUsd,
  type ModelPrice,
  type ModelRequest,
  OFFLINE_MODEL,
  PRICES,
  type SpentCall,
  spentOf,
} from '@baton/llm';
import { inSpan, recordModelCall, type Span } from '@baton/telemetry';
import type { WorkerMetrics } from '@baton/telemetry/metrics';

/** What is told of calls of models, and to whom. */
export interface CallObservers {
  /** As `BATON_PROVIDER` has it. */
  readonly provider?: string | undefined;
  readonly metrics?: Pick<WorkerMetrics, 'modelCall'> | undefined;
  readonly prices?: readonly ModelPrice[] | undefined;
  readonly now: () => Date;
}

type Outcome = Parameters<WorkerMetrics['modelCall']>[0]['outcome'];

/** Names that the conventions of OpenTelemetry have for providers. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = { bedrock: 'aws.bedrock', vertex: 'gcp.vertex_ai' };

/** Codes of errors with which a server asks to be left alone for a while. */
const LIMITED: ReadonlySet<string> = new Set(['model-rate-limited', 'model-overloaded']);

/**
 * Calls with a span and a count each: which model, how many tokens, what it cost. Nothing of what was asked and answered is in it,
 * since whoever may look at traces need not be somebody who may read runs.
 */
export const observed =
  (call: CallModel, observers: CallObservers): CallModel =>
  (request, signal) => {
    const { provider = 'anthropic' } = observers;
    const name = request.model === OFFLINE_MODEL ? OFFLINE_MODEL : (PROVIDER_NAMES[provider] ?? provider);
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': name,
      'gen_ai.request.model': request.model,
    };
    const about = { ...attributes, ...aboutRequest(request) };
    return inSpan(`chat ${request.model}`, { kind: 'CLIENT', attributes: about }, async (span) => {
      const beganMs = performance.now();
      const tell = (outcome: Outcome, spent: SpentCall | null): void => {
        const seconds = (performance.now() - beganMs) / 1000;
        const cost =
          spent === null ? null : costMicroUsd(spent.model, spent.usage, observers.now(), observers.prices ?? PRICES);
        const costUsd = cost === null ? null : usdOf(cost);
        if (spent !== null) noteSpent(span, spent, costUsd);
        recordModelCall({ attributes, durationSeconds: seconds, usage: spent === null ? null : allTokens(spent) });
        observers.metrics?.modelCall({
          ...{ provider: name, model: request.model, outcome, seconds, costUsd },
          usage: spent?.usage ?? null,
        });
      };
      try {
        const answer = await call(request, signal);
        tell('ok', answer);
        return answer;
      } catch (thrown) {
        tell(outcomeOf(thrown), spentOf(thrown));
        throw thrown;
      }
    });
  };

const aboutRequest = ({ maxOutputTokens, conversationId, agent, template }: ModelRequest) => ({
  'gen_ai.request.max_tokens': maxOutputTokens,
  'gen_ai.conversation.id': conversationId,
  'gen_ai.agent.name': agent,
  'baton.template': `${template.id}@${template.version}`,
});

/** The conventions count what came from a cache, or was put there, among the input. */
const allTokens = ({ usage }: SpentCall): { readonly inputTokens: number; readonly outputTokens: number } => ({
  inputTokens: usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
  outputTokens: usage.outputTokens,
});

function noteSpent(span: Span, spent: SpentCall, costUsd: number | null): void {
  const { inputTokens, outputTokens } = allTokens(spent);
  span.setAttributes({
    'gen_ai.response.model': spent.model,
    'gen_ai.response.finish_reasons': [spent.stopReason],
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    'gen_ai.usage.cache_read.input_tokens': spent.usage.cacheReadTokens,
    'gen_ai.usage.cache_write.input_tokens': spent.usage.cacheWriteTokens,
    ...(spent.requestId === null ? {} : { 'gen_ai.response.id': spent.requestId }),
    ...(costUsd === null ? {} : { 'baton.cost_usd': costUsd }),
  });
}

function outcomeOf(thrown: unknown): Outcome {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  if (typeof code === 'string' && LIMITED.has(code)) return 'limited';
  return spentOf(thrown) === null ? 'failed' : 'unusable';
}
