import { toError } from '@baton/contracts';
import { z } from 'zod';
import type { Environment } from '../environment.js';
import { modelsOf } from '../up/model-mode.js';
import { type Finding, fail, ok, warn } from './finding.js';

const USUAL_BASE = 'https://api.anthropic.com';
const ANSWER_TIMEOUT_MS = 10_000;
const CHECK = 'model server';

const ErrorBody = z.object({ error: z.object({ type: z.string() }) });

/**
 * Whether the server of the models takes the key and has the models, asked without paying for anything. Nothing of key or
 * address beyond the host is ever shown.
 */
export async function checkModelServer(env: Environment, signal: AbortSignal): Promise<readonly Finding[]> {
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: base = USUAL_BASE } = env;
  const models = [...new Set(Object.values(modelsOf(env)))].filter((model) => model !== 'offline');
  if (key === undefined || models.length === 0) return [];
  if (!URL.canParse(base)) return [fail(CHECK, 'ANTHROPIC_BASE_URL is no address', 'Correct ANTHROPIC_BASE_URL.')];
  for (const model of models) {
    const finding = await ask(new URL(base), key, model, signal);
    if (finding !== null) return [finding];
  }
  return [ok(CHECK, `${new URL(base).host} takes the key and has ${models.join(', ')}`)];
}

/** Null where nothing is wrong. */
async function ask(base: URL, key: string, model: string, signal: AbortSignal): Promise<Finding | null> {
  const { host } = base;
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/v1/models/${encodeURIComponent(model)}`, base);
  // A password in the address is the server's business, and fetch takes none.
  url.username = '';
  url.password = '';
  try {
    const response = await fetch(url, {
      headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    if (response.ok) return null;
    if (response.status === 401 || response.status === 403) {
      return fail(
        CHECK,
        `${host} refuses the key`,
        'Set ANTHROPIC_API_KEY to a valid key, or unset it for the offline model.',
      );
    }
    const body = ErrorBody.safeParse(await response.json().catch(() => null));
    if (response.status === 404 && body.success && body.data.error.type === 'not_found_error') {
      return fail(CHECK, `${host} has no model ${model}`, 'Correct BATON_MODEL, or the BATON_MODEL_… of the agent.');
    }
    return warn(
      CHECK,
      `${host} answered ${response.status} when asked for ${model}`,
      'Runs will show whether it works.',
    );
  } catch (thrown) {
    const { name, cause } = toError(thrown);
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : name;
    return fail(CHECK, `${host} does not answer (${code})`, 'Check the network, or ANTHROPIC_BASE_URL.');
  }
}
