import { toError } from '@baton/contracts';
import { z } from 'zod';
import type { Environment } from '../environment.js';
import { modelsOf, NO_MODEL } from '../up/model-mode.js';
import { type Finding, fail, ok, warn } from './finding.js';

const ANSWER_TIMEOUT_MS = 10_000;
const CHECK = 'model server';

const ErrorBody = z.object({ error: z.looseObject({}) });

/** Where a provider tells of its models, and how it is asked. */
interface ModelServer {
  readonly base: string;
  /** Before the name of the model. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly keyVariable: string;
  readonly urlVariable: string;
}

/** Null where there is nothing that could be asked for free. */
function serverOf({
  BATON_PROVIDER: provider,
  ANTHROPIC_API_KEY,
  ANTHROPIC_BASE_URL,
  OPENAI_API_KEY = 'none',
  OPENAI_BASE_URL,
}: Environment): ModelServer | null {
  if (provider === 'openai') {
    return {
      base: OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
      path: '/models/',
      headers: { authorization: `Bearer ${OPENAI_API_KEY}` },
      keyVariable: 'OPENAI_API_KEY',
      urlVariable: 'OPENAI_BASE_URL',
    };
  }
  if (provider !== 'anthropic' || ANTHROPIC_API_KEY === undefined) return null;
  return {
    base: ANTHROPIC_BASE_URL ?? 'https://api.anthropic.com',
    path: '/v1/models/',
    headers: { 'x-api-key': ANTHROPIC_API_KEY, 'anthropic-version': '2023-06-01' },
    keyVariable: 'ANTHROPIC_API_KEY',
    urlVariable: 'ANTHROPIC_BASE_URL',
  };
}

/**
 * Whether the server of the models takes the key and has the models, asked without paying for anything. Nothing of key or
 * address beyond the host is ever shown.
 */
export async function checkModelServer(env: Environment, signal: AbortSignal): Promise<readonly Finding[]> {
  const models = [...new Set(Object.values(modelsOf(env)))].filter(
    (model) => model !== 'offline' && model !== NO_MODEL,
  );
  if (models.length === 0) return [];
  const server = serverOf(env);
  if (server === null) {
    return [warn(CHECK, `${env.BATON_PROVIDER} cannot be asked for free`, 'Runs will show whether it works.')];
  }
  const { base, urlVariable } = server;
  if (!URL.canParse(base)) return [fail(CHECK, `${urlVariable} is no address`, `Correct ${urlVariable}.`)];
  for (const model of models) {
    const finding = await ask(server, model, signal);
    if (finding !== null) return [finding];
  }
  return [ok(CHECK, `${new URL(base).host} takes the key and has ${models.join(', ')}`)];
}

/** Null where nothing is wrong. */
async function ask(server: ModelServer, model: string, signal: AbortSignal): Promise<Finding | null> {
  const { path, headers, keyVariable, urlVariable } = server;
  const base = new URL(server.base);
  const { host } = base;
  const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}${encodeURIComponent(model)}`, base);
  // A password in the address is the server's business, and fetch takes none.
  url.username = '';
  url.password = '';
  try {
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    if (response.headers.get('content-type')?.startsWith('text/html') === true) {
      return fail(CHECK, `${host} answers with a web page`, `Set ${urlVariable} to the root of the API.`);
    }
    if (response.ok) return null;
    if (response.status === 401 || response.status === 403) {
      return fail(CHECK, `${host} refuses the key`, `Set ${keyVariable} to a valid key, or BATON_MODEL to offline.`);
    }
    const body = ErrorBody.safeParse(await response.json().catch(() => null));
    const { type, code } = body.data?.error ?? {};
    if (response.status === 404 && (type === 'not_found_error' || code === 'model_not_found')) {
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
    return fail(CHECK, `${host} does not answer (${code})`, `Check the network, or ${urlVariable}.`);
  }
}
