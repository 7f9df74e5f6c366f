/*
 * What must not leave a machine: files that hold keys by their name, and keys by their shape. A shape is one that a service
 * documents for its keys, so that ordinary text has none of them.
 */

const DATA = '(json|ya?ml|ini|toml|csv|txt|xml|env|properties|conf|cfg)';

/** By the last part of a path, in lower case. */
const NAMES: readonly RegExp[] = [
  /^\.env(rc)?(\.|$)(?!(example|sample|template|dist|defaults)$)/,
  /\.env$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|p8|jceks|agekey|ovpn|tfstate|tfvars)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)(?!.*\.pub$)/,
  /^(\.netrc|_netrc|\.pypirc|\.pgpass|\.htpasswd|\.git-credentials|\.dockercfg|\.s3cfg|\.boto|\.my\.cnf|\.terraformrc)$/,
  new RegExp(`^credentials?(\\.${DATA})?$`),
  new RegExp(`^(client_)?secrets?\\.${DATA}$`),
  /^service[-_]account.*\.json$/,
  /firebase-adminsdk.*\.json$/,
  /^local\.settings\.json$/,
  /^kubeconfig$/,
  /^\.vault[-_](token|pass.*)$/,
];

/** By the whole path. */
const PATHS: readonly RegExp[] = [
  /(^|\/)\.(aws|azure|ssh|gnupg)\//,
  /(^|\/)\.config\/(gcloud|gh)\//,
  /(^|\/)\.docker\/config\.json$/,
  /(^|\/)\.kube\/config$/,
];

/** Why a file stays out by its path alone; null where it does not. */
export function secretByName(path: string): string | null {
  const folded = path.toLowerCase();
  const name = folded.slice(folded.lastIndexOf('/') + 1);
  const isSecret = NAMES.some((pattern) => pattern.test(name)) || PATHS.some((pattern) => pattern.test(folded));
  return isSecret ? 'its name is one of files that hold secrets' : null;
}

interface Shape {
  readonly what: string;
  /** Looked for first: it is found much faster than the pattern. */
  readonly begins: readonly string[];
  readonly pattern: RegExp;
}

const SHAPES: readonly Shape[] = [
  {
    what: 'a private key',
    begins: ['PRIVATE KEY'],
    // The body, too: a text may speak of the line.
    pattern:
      /-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\r|\\n|\s)+(?:[\w-]{1,30}: [^\n]{0,200}\n){0,8}\s{0,4}[A-Za-z0-9+/=]{32}/,
  },
  { what: 'a key of AWS', begins: ['AKIA', 'ASIA'], pattern: /\b(?:AKIA|ASIA)(?![0-9A-Z]{9}EXAMPLE)[0-9A-Z]{16}\b/ },
  {
    what: 'a key of AWS',
    begins: ['secret_access_key', 'SECRET_ACCESS_KEY', 'secretAccessKey'],
    pattern:
      /(?:secret_access_key|SECRET_ACCESS_KEY|secretAccessKey)["']?\s{0,9}[:=]\s{0,9}["']?(?![A-Za-z0-9/+]{1,33}EXAMPLE)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/,
  },
  { what: 'a key of Azure', begins: ['AccountKey='], pattern: /\bAccountKey=[A-Za-z0-9+/]{80,100}={0,2}/ },
  {
    what: 'a token of GitHub',
    begins: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/,
  },
  { what: 'a token of GitHub', begins: ['github_pat_'], pattern: /\bgithub_pat_[A-Za-z0-9_]{60,255}\b/ },
  { what: 'a token of GitLab', begins: ['glpat-'], pattern: /\bglpat-[\w-]{20,255}/ },
  { what: 'a key of Anthropic', begins: ['sk-ant-'], pattern: /\bsk-ant-[\w-]{40,255}/ },
  {
    what: 'a key of OpenAI',
    begins: ['sk-'],
    pattern: /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,200}T3BlbkFJ[A-Za-z0-9_-]{20,200}/,
  },
  { what: 'a key of OpenRouter', begins: ['sk-or-v1-'], pattern: /\bsk-or-v1-[0-9a-f]{64}\b/ },
  { what: 'a key of Groq', begins: ['gsk_'], pattern: /\bgsk_[A-Za-z0-9]{52}\b/ },
  { what: 'a key of xAI', begins: ['xai-'], pattern: /\bxai-[A-Za-z0-9]{80}\b/ },
  { what: 'a token of Hugging Face', begins: ['hf_'], pattern: /\bhf_[A-Za-z]{34}\b/ },
  { what: 'a token of Slack', begins: ['xox'], pattern: /\bxox[abeoprs]-[0-9]{6,}-[\w-]{20,255}/ },
  {
    what: 'a webhook of Slack',
    begins: ['hooks.slack.com/services/'],
    pattern: /\bhooks\.slack\.com\/services\/T\w{6,12}\/B\w{6,12}\/\w{20,32}/,
  },
  { what: 'a key of SendGrid', begins: ['SG.'], pattern: /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/ },
  { what: 'a token of PyPI', begins: ['pypi-AgE'], pattern: /\bpypi-AgE[\w-]{50,1000}/ },
  { what: 'a token of Docker', begins: ['dckr_pat_'], pattern: /\bdckr_pat_[\w-]{27}(?![\w-])/ },
  {
    what: 'a token of DigitalOcean',
    begins: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/,
  },
  { what: 'a token of Vault', begins: ['hvs.'], pattern: /\bhvs\.[\w-]{90,200}/ },
  { what: 'a key of Stripe', begins: ['k_live_'], pattern: /\b[rs]k_live_[0-9a-zA-Z]{24,255}/ },
  { what: 'a key of Google', begins: ['AIza'], pattern: /\bAIza[\w-]{35}(?![\w-])/ },
  { what: 'a token of npm', begins: ['npm_'], pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  {
    what: 'a token for packages',
    begins: ['_authToken', '_password', '_auth'],
    pattern: /^[^#;\n]{0,200}:?_(?:authToken|password|auth)\s*=\s*(?!\$\{)[^\s$]{8}/m,
  },
  { what: 'a key of Baton', begins: ['baton_'], pattern: /\bbaton_[\w-]{43}(?![\w-])/ },
];

/** Why a file stays out for what it holds; null where it does not. */
export function secretInContent(bytes: Buffer): string | null {
  for (const { what, begins, pattern } of SHAPES) {
    if (!begins.some((word) => bytes.includes(word, 0, 'latin1'))) continue;
    const at = bytes.toString('latin1').search(pattern);
    if (at !== -1) return `it holds what looks like ${what} in line ${lineOf(bytes, at)}`;
  }
  return null;
}

function lineOf(bytes: Buffer, at: number): number {
  let line = 1;
  for (let index = bytes.indexOf(10); index !== -1 && index < at; index = bytes.indexOf(10, index + 1)) line += 1;
  return line;
}
