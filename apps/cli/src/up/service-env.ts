import { AGENT_WORKERS } from '@baton/contracts';

/**
 * What a service gets of the environment in which Baton was started: what it asks for, and what any program needs to run at
 * all. A key of something else that stands in the operator's shell is none of its business, and a service that executes what
 * a model wrote must not hold one.
 */

/** How a program finds programs, files, its language, and the way out of the network. */
const ANY_PROGRAM =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TZ|LANG|LANGUAGE|LC_[A-Z]+|TMPDIR|TMP|TEMP|HOSTNAME|NODE_[A-Z_]+|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy)$/;

/** Baton's own settings, but for what is a secret, leads to one, or is given to each by itself. */
const SETTING =
  /^BATON_(?!TOKEN$|DATABASE_|LOGIN_|DEPLOY_|S3_|CHECKPOINT|HOOK_|HTTP_|SMTP_|NOTIFY_|OIDC_CLIENT_SECRET$)[A-Z0-9_]+$/;

/** By which Baton is known to the identity provider: the gateway alone leads people there. */
const OIDC_SECRET = 'BATON_OIDC_CLIENT_SECRET';

/** Where checkpoints go, with the key for that: the gateway alone publishes them. */
const CHECKPOINTS = /^BATON_CHECKPOINT[A-Z0-9_]+$/;

/** By which senders of hooks are known: the gateway alone takes what they send. */
const HOOKS = /^BATON_HOOK_[A-Z0-9_]+$/;

/**
 * Which hosts may be asked, and the file with what to show them: for the worker that asks alone. One that executes what a model wrote is not
 * told where secrets lie.
 */
const REQUESTS = /^BATON_HTTP_[A-Z0-9_]+$/;
const REQUESTER = 'http';

/** How people are told: the orchestrator alone does. */
const TELLING = /^BATON_(SMTP|NOTIFY)_[A-Z0-9_]+$/;

/**
 * The standard variables of OpenTelemetry. Not the name of a service: several processes of one name would be none that can be told
 * apart.
 */
const TELEMETRY = /^OTEL_(?!SERVICE_NAME$)[A-Z0-9_]+$/;

const DEPLOYER = 'deployer';

/** What the operator keeps for deployments, and for the storage that Maps read from, is the deployer's alone. */
function isForDeployments(variable: string, all: Readonly<Record<string, string>>): boolean {
  return /^BATON_(DEPLOY|S3)_/.test(variable) || (all.BATON_DEPLOY_ENV ?? '').split(',').includes(variable);
}

/** Where package managers of this machine find packages: those who execute code prepare workspaces. */
const REGISTRY =
  /^(npm_config_registry|NPM_CONFIG_REGISTRY|PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|UV_DEFAULT_INDEX|GOPROXY)$/;
const PREPARING: readonly string[] = ['validator', 'programmer', 'tester', 'prompt'];

/** What leads to the models of each provider: the keys of another are none of an agent's business. */
const MODEL_KEYS: Readonly<Record<string, RegExp>> = {
  anthropic: /^ANTHROPIC_[A-Z_]+$/,
  bedrock: /^AWS_[A-Z_]+$/,
  vertex: /^(GOOGLE_[A-Z_]+|CLOUDSDK_[A-Z_]+|GCLOUD_PROJECT|CLOUD_ML_REGION|ANTHROPIC_VERTEX_PROJECT_ID)$/,
  openai: /^OPENAI_[A-Z_]+$/,
};

const isAgent = (name: string): boolean => AGENT_WORKERS.some((agent) => agent === name);

/**
 * The variables that a service inherits; the database, its ports and the token are given to each by itself.
 *
 * @param ofRequests those that hold secrets of requests over HTTP
 */
export function inheritedBy(
  name: string,
  all: Readonly<Record<string, string>>,
  ofRequests: readonly string[],
): Readonly<Record<string, string>> {
  /** What the operator has given to this service for a purpose of its own, also where requests show the same. */
  const isItsOwn = (variable: string): boolean =>
    (name === 'gateway' && (CHECKPOINTS.test(variable) || HOOKS.test(variable) || variable === OIDC_SECRET)) ||
    (name === 'orchestrator' && TELLING.test(variable)) ||
    (name === DEPLOYER && isForDeployments(variable, all)) ||
    (isAgent(name) && MODEL_KEYS[all.BATON_PROVIDER ?? 'anthropic']?.test(variable) === true);
  const isNeeded = (variable: string): boolean => {
    // Before anything that looks at the name alone: a secret may be called as a setting of any program is.
    if (ofRequests.includes(variable)) return name === REQUESTER || isItsOwn(variable);
    return (
      isItsOwn(variable) ||
      ANY_PROGRAM.test(variable) ||
      SETTING.test(variable) ||
      (name === REQUESTER && REQUESTS.test(variable)) ||
      TELEMETRY.test(variable) ||
      variable === 'REDIS_URL' ||
      (PREPARING.includes(name) && REGISTRY.test(variable))
    );
  };
  return Object.fromEntries(Object.entries(all).filter(([variable]) => isNeeded(variable)));
}
