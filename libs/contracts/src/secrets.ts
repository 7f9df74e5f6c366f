import { readServerUrls } from './server-url.js';

/**
 * Secrets that a process knows from its own environment, cut out of every text that it stores or shows. Known values only:
 * a pattern for what looks like a key would cut ordinary text, too, such as the code of a deliverable.
 */

/** Gives a text without the secrets; the very text where it holds none. */
export type CutSecrets = (text: string) => string;

export const SECRET_CUT = '[secret]';

/** Variables whose value is one, by their name; not `PWD`, the working directory. */
const NAMES = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)$|^BATON_(LOGIN|NOTIFY)_/i;
/** Pairs of a header and its value, such as `authorization=Bearer%20…`. */
const HEADERS = /^OTEL_EXPORTER_OTLP_([A-Z]+_)?HEADERS$/;
const PARAMETERS = /key|token|secret|password|signature/i;

/** A shorter one, or a single word, stands in ordinary texts as well: it is cut where it stands as a password of a URL. */
const SHORTEST = 8;
const isWord = (value: string): boolean => /^[a-z]+$/i.test(value) && value.length < 20;
const isDistinct = (value: string): boolean => value.length >= SHORTEST && !isWord(value);

/** Whether a secret is cut out of every text that it stands in; one that is not looks like a word of an ordinary text. */
export const isCutAnywhere = isDistinct;

/** @param variables of the environment; what is not set is passed over */
export function cutSecretsOf(variables: Readonly<Record<string, unknown>>): CutSecrets {
  const found = Object.entries(variables).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? secretsIn(name, value) : [],
  );
  const forms = new Map<string, string>();
  for (const { value, place } of found) for (const [form, cut] of formsIn(value, place)) forms.set(form, cut);
  if (forms.size === 0) return (text) => text;
  // The longest first: one may be a part of another.
  const sorted = [...forms.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(sorted.map(escaped).join('|'), 'g');
  return (text) => text.replace(pattern, (form) => forms.get(form) ?? SECRET_CUT);
}

/** The value without the secrets in its texts and names; the very value where there are none. */
export function cutFromJson<T>(value: T, cut: CutSecrets): T {
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  const clean = cut(text);
  return clean === text ? value : JSON.parse(clean);
}

/** The value as it is sent, and without the scheme in front of it. */
const inHeader = (value: string): readonly Secret[] => {
  const sent = decoded(value.trim());
  return [...new Set([value.trim(), sent, sent.split(' ').at(-1) ?? ''])]
    .filter((each) => each !== '')
    .map((each) => ({ value: each, place: 'anywhere' }));
};

interface Secret {
  readonly value: string;
  /** `login`: user and password of a server, which stand together only in a header of basic authentication. */
  readonly place: 'anywhere' | 'password' | 'login';
}

function secretsIn(name: string, value: string): readonly Secret[] {
  if (HEADERS.test(name)) return value.split(',').flatMap((pair) => inHeader(pair.slice(pair.indexOf('=') + 1)));
  const named: readonly Secret[] = NAMES.test(name) ? [{ value, place: 'anywhere' }] : [];
  const [url] = (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? readServerUrls(value) : null) ?? [];
  if (url === undefined) return named;
  const { username, password, searchParams } = url;
  const secrets: Secret[] = [...named];
  for (const [parameter, each] of searchParams)
    if (PARAMETERS.test(parameter) && each !== '') secrets.push({ value: each, place: 'anywhere' });
  // A token may stand where a user does, with no password after it.
  if (password === '' && username.length >= 16) secrets.push({ value: decoded(username), place: 'anywhere' });
  if (password === '') return secrets;
  const asWritten = /:\/\/[^/]*?:([^/]*)@/.exec(value)?.[1] ?? password;
  for (const each of [password, decoded(password), asWritten]) secrets.push({ value: each, place: 'password' });
  return [...secrets, { value: `${decoded(username)}:${decoded(password)}`, place: 'login' }];
}

/** What to look for, each with what takes its place. */
function formsIn(value: string, place: Secret['place']): readonly (readonly [string, string])[] {
  const anywhere = isDistinct(value) ? textForms(value).map((form) => [form, SECRET_CUT] as const) : [];
  const encoded = base64Forms(value).map((form) => [form, SECRET_CUT] as const);
  if (place === 'login') return encoded;
  if (place === 'anywhere') return isDistinct(value) ? [...anywhere, ...encoded] : [];
  return [
    ...anywhere,
    ...(isDistinct(value) ? encoded : []),
    [`:${value}@`, `:${SECRET_CUT}@`],
    [encodeURIComponent(`:${value}@`), encodeURIComponent(':') + SECRET_CUT + encodeURIComponent('@')],
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As it is, in a URL, in a form, where more is encoded and a space is a plus, and in a JSON text. */
const textForms = (secret: string): readonly string[] => {
  const encoded = [encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1)];
  const inSmallLetters = encoded.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [secret, ...encoded, ...inSmallLetters, JSON.stringify(secret).slice(1, -1)];
};

/** In base64, where it may begin at any of three places of a group; the letters that hold bits of a neighbour are not known. */
function base64Forms(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const within = [0, 1, 2].map((shift) => {
    const text = btoa(String.fromCharCode(...new Uint8Array(shift), ...bytes)).replace(/=+$/, '');
    const hasRest = (shift + bytes.length) % 3 !== 0;
    return text.slice(shift === 0 ? 0 : shift + 1, hasRest ? -1 : undefined);
  });
  const whole = btoa(String.fromCharCode(...bytes));
  return [whole, ...within]
    .flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')])
    .filter((text) => text.length >= SHORTEST);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
