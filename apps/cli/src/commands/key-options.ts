import { AccessScope } from '@baton/contracts';
import { UsageError } from '../exit-codes.js';
import { printable } from '../table.js';
import { parseLabels } from './run-input.js';

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
const isUnit = (text: string): text is keyof typeof UNITS => Object.hasOwn(UNITS, text);

/** `90d`, `12h`, `30m`, or `0`. Throws UsageError. */
export function secondsOf(option: string, text: string): number {
  if (text.trim() === '0') return 0;
  const [, number = '', unit = ''] = /^\s*(\d{1,9})\s*([a-z])\s*$/.exec(text) ?? [];
  if (number !== '' && isUnit(unit)) return Number(number) * UNITS[unit];
  throw new UsageError(
    `--${option} ${printable(text)} is no duration.`,
    `Write a number with s, m, h, d or w, such as --${option} 90d.`,
  );
}

export const lifetimeOf = (text: string | undefined): { readonly expiresInSeconds?: number } =>
  text === undefined ? {} : { expiresInSeconds: secondsOf('expires', text) };

const EXAMPLE = 'Write --scope workflow=seven-step, --scope label=team=red or --scope own.';

/** What several `--scope` say together. Throws UsageError. */
export function scopeOf(words: readonly string[]): { readonly scope?: AccessScope } {
  if (words.length === 0) return {};
  const valuesOf = (kind: string): readonly string[] =>
    words.flatMap((word) => (word.startsWith(`${kind}=`) ? [word.slice(kind.length + 1)] : []));
  const stray = words.find((word) => word !== 'own' && !/^(workflow|label)=/.test(word));
  if (stray !== undefined) throw new UsageError(`--scope ${printable(stray)} is none that there is.`, EXAMPLE);
  const [workflows, labels] = [valuesOf('workflow').flatMap((names) => names.split(',')), valuesOf('label')];
  const parsed = AccessScope.safeParse({
    ...(workflows.length === 0 ? {} : { workflows }),
    ...(labels.length === 0 ? {} : { labels: parseLabels(labels) }),
    ...(words.includes('own') ? { own: true } : {}),
  });
  if (parsed.success) return { scope: parsed.data };
  const [wrong] = parsed.error.issues;
  throw new UsageError(`--scope ${printable(words.join(' '))} cannot be: ${wrong?.message ?? 'it is wrong'}.`, EXAMPLE);
}

/** As it was written. */
export const scopeText = ({ workflows = [], labels = {}, own }: AccessScope): string =>
  [
    ...workflows.map((name) => `workflow=${name}`),
    ...Object.entries(labels).map(([name, value]) => `label=${name}=${value}`),
    ...(own === true ? ['own'] : []),
  ].join(' ');
