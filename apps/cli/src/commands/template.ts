import {
  didYouMean,
  type TemplateHistory,
  TemplateId,
  type TemplateProblem,
  type TemplateText,
  type TemplateView,
} from '@baton/contracts';
import { createTwoFilesPatch } from 'diff';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode, NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { printable } from '../table.js';

const MAIN = 'main';
const shortHash = (sha256: string): string => sha256.slice(0, 12);

type Item =
  | (TemplateView & { readonly status: 'in-use' | 'replaced' })
  | (TemplateProblem & { readonly status: 'unusable' });

const itemColumns: Columns<Item> = {
  headings: ['NAME', 'VARIANT', 'WEIGHT', 'VERSION', 'HASH', 'AGENT', 'STATUS', 'FROM'],
  row: (each) => {
    if (each.status === 'unusable') {
      const from = each.path === null ? each.layer : `${each.layer}/${each.path}`;
      return [each.id ?? '-', each.variant ?? '-', '-', '-', '-', '-', each.status, from];
    }
    const { id, variant, weight, version, sha256, agent, status, isShipped, layer } = each;
    return [id, variant, String(weight), version, shortHash(sha256), agent, status, isShipped ? 'shipped' : layer];
  },
};

export async function listTemplates(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { templates, problems } = await gateway.get('/v1/templates', { signal: context.interrupted });
  const items: readonly Item[] = [
    ...templates.map((each) => ({ ...each, status: each.isReplaced ? ('replaced' as const) : ('in-use' as const) })),
    ...problems.map((each) => ({ ...each, status: 'unusable' as const })),
  ];
  const nothing = 'No service has said yet what it works with; `baton up` starts those that ship.';
  writeList(context.io, context.format, items, itemColumns, nothing);
  if (context.format === 'table') for (const { problem } of problems) writeLine(context.io.err, printable(problem));
  return ExitCode.ok;
}

export interface ShowOptions {
  readonly variant?: string;
  readonly versions?: boolean;
}

type Version = TemplateHistory['versions'][number];

const versionColumns: Columns<Version> = {
  headings: ['VARIANT', 'VERSION', 'HASH', 'STATUS', 'FIRST', 'LAST'],
  row: ({ variant, version, sha256, status, firstAt, lastAt }) => [
    variant,
    version,
    shortHash(sha256),
    status,
    timeOf(firstAt),
    timeOf(lastAt),
  ],
};

/** @param ref a name, or name@hash with the beginning of a hash */
export async function showTemplate(
  context: Context,
  ref: string,
  { variant, versions = false }: ShowOptions,
): Promise<ExitCode> {
  const [name = '', hash, ...rest] = ref.split('@');
  if (rest.length > 0 || hash === '') throw notName(ref);
  if (hash !== undefined && variant !== undefined) {
    throw new UsageError('A hash is that of one variant.', 'Give name@hash, or --variant.');
  }
  const gateway = await gatewayOf(context);
  const history = await historyOf(gateway, name, context.interrupted);
  if (versions) {
    const all = history.versions.filter((each) => variant === undefined || each.variant === variant);
    writeList(context.io, context.format, all, versionColumns, `There is no variant ${variant ?? ''} of ${name}.`);
    return ExitCode.ok;
  }
  const sha256 = hash ?? pick(history, variant ?? MAIN).sha256;
  const shown = await textOf(gateway, name, sha256, context.interrupted);
  if (context.format !== 'table') {
    writeOne(context.io, context.format, shown, () => []);
    return ExitCode.ok;
  }
  writeLine(
    context.io.err,
    `${shown.id}, variant ${shown.variant}, version ${shown.version}, SHA-256 ${shown.sha256}:`,
  );
  // Elsewhere than on a terminal it is the file, byte for byte.
  const { out } = context.io;
  out.write(out.isTerminal ? shown.text.split('\n').map(printable).join('\n') : shown.text);
  return ExitCode.ok;
}

export async function diffTemplate(context: Context, name: string, a?: string, b?: string): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const history = await historyOf(gateway, name, context.interrupted);
  const later = b === undefined ? pick(history, MAIN).sha256 : hashOf(history, b);
  const earlier = a === undefined ? before(history, later) : hashOf(history, a);
  const [from, to] = await Promise.all(
    [earlier, later].map((sha256) => textOf(gateway, name, sha256, context.interrupted)),
  );
  if (from === undefined || to === undefined) return ExitCode.error;
  const nameOf = ({ variant, version, sha256 }: TemplateText): string => `${variant} ${version} ${shortHash(sha256)}`;
  const patch = createTwoFilesPatch(name, name, from.text, to.text, nameOf(from), nameOf(to));
  const facts = ({ text: _, ...rest }: TemplateText) => rest;
  const isSame = from.sha256 === to.sha256;
  writeOne(context.io, context.format, { id: name, from: facts(from), to: facts(to), isSame, patch }, () =>
    isSame
      ? []
      : patch
          .trimEnd()
          .split('\n')
          .filter((line) => !/^={10,}$/.test(line))
          .map((line) => printable(line)),
  );
  if (context.format === 'table' && isSame) writeLine(context.io.err, `Both are ${nameOf(from)}.`);
  return ExitCode.ok;
}

/** The one of a variant that is in use, else the one that was last. */
function pick({ id, versions }: TemplateHistory, variant: string): Version {
  const own = versions.filter((each) => each.variant === variant);
  const found = own.find(({ status }) => status === 'in-use') ?? own[0];
  if (found !== undefined) return found;
  const names = [...new Set(versions.map((each) => each.variant))];
  throw new NotFound(
    `There is no variant ${printable(variant)} of ${id}; it has ${names.join(', ')}.${didYouMean(variant, names)}`,
    `See \`baton template show ${id} --versions\`.`,
  );
}

/** A variant by its name, or a text by the beginning of its hash: the gateway knows whether there is such a one. */
const hashOf = (history: TemplateHistory, word: string): string =>
  history.versions.some(({ variant }) => variant === word) || !/^[0-9a-f]{4,64}$/.test(word)
    ? pick(history, word).sha256
    : word;

/** What stands below the text in an earlier layer, else what was in its place before. */
function before({ id, versions }: TemplateHistory, later: string): string {
  const variant = versions.find(({ sha256 }) => sha256 === later)?.variant;
  const others = versions.filter((each) => each.variant === variant && each.sha256 !== later);
  const found = others.find(({ status }) => status === 'replaced') ?? others[0];
  if (found !== undefined) return found.sha256;
  throw new NotFound(
    `There is only one text of ${id}, so there is nothing to compare it with.`,
    `Name two, such as \`baton template diff ${id} main other\`; \`baton template show ${id} --versions\` has them.`,
  );
}

const notName = (word: string): UsageError =>
  new UsageError(`${printable(word)} is not the name of a template.`, '`baton template list` has them.');

function historyOf(gateway: Gateway, name: string, signal: AbortSignal): Promise<TemplateHistory> {
  if (!TemplateId.safeParse(name).success) throw notName(name);
  return gateway.get('/v1/templates/{id}', { params: { path: { id: name } }, signal });
}

function textOf(gateway: Gateway, name: string, hash: string, signal: AbortSignal): Promise<TemplateText> {
  if (!/^[0-9a-f]{4,64}$/.test(hash)) {
    throw new UsageError(
      `${printable(hash)} is not the beginning of a hash.`,
      'Give at least four of its hexadecimal digits.',
    );
  }
  return gateway.get('/v1/templates/{id}/texts/{sha256}', { params: { path: { id: name, sha256: hash } }, signal });
}
