import { HookName, type HookVerification, type HookView, Json } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts, printable } from '../table.js';
import { parseLabels, readJson } from './run-input.js';

export interface HookOptions {
  readonly verify: HookVerification;
  readonly secret: string;
  readonly workflow: string;
  /** JSON, or `@FILE`. */
  readonly map?: string;
  readonly label: readonly string[];
}

function nameOfHook(name: string): string {
  if (HookName.safeParse(name).success) return name;
  throw new UsageError(
    `${printable(name)} is not the name of a hook.`,
    'Names are small letters and digits, with dashes between them, such as orders.',
  );
}

export async function createHook(context: Context, word: string, options: HookOptions): Promise<ExitCode> {
  const name = nameOfHook(word);
  const { verify, secret, workflow, map, label } = options;
  const place = { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin };
  const input = map === undefined ? {} : { input: await mapOf(map, place) };
  const labels = label.length === 0 ? {} : { labels: parseLabels(label) };
  const body = { name, verify, secret, run: { workflow, ...labels }, ...input };
  const gateway = await gatewayOf(context);
  const hook = await gateway.post('/v1/hooks', { body, signal: context.interrupted });
  writeOne(context.io, context.format, hook, factsOf);
  return ExitCode.ok;
}

const EXPRESSION = /^\s*\{%[\s\S]*%\}\s*$/;

/** JSON with expressions in its texts, or one expression for all of it: that is a text of JSON which nobody has to quote. */
async function mapOf(word: string, place: Parameters<typeof readJson>[2]): Promise<Json> {
  return EXPRESSION.test(word) ? word.trim() : Json.parse((await readJson(word, '--map', place)).value);
}

export async function listHooks(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { hooks } = await gateway.get('/v1/hooks', { signal: context.interrupted });
  writeList(context.io, context.format, hooks, COLUMNS, 'There is no hook.');
  return ExitCode.ok;
}

export async function deleteHook(context: Context, word: string): Promise<ExitCode> {
  const params = { path: { name: nameOfHook(word) } };
  await (await gatewayOf(context)).delete('/v1/hooks/{name}', { params, signal: context.interrupted });
  writeLine(context.io.err, 'Removed. Its runs stay.');
  return ExitCode.ok;
}

const COLUMNS: Columns<HookView> = {
  headings: ['HOOK', 'VERIFY', 'SECRET', 'WORKFLOW', 'MADE BY'],
  row: ({ name, verify, secret, run, createdBy }) => [
    name,
    verify,
    secret,
    run.workflow,
    `${createdBy.type} ${createdBy.id}`,
  ],
};

const factsOf = ({ name, verify, secret, run, createdBy }: HookView): readonly string[] =>
  formatFacts([
    ['hook', name],
    ['address', `/hooks/${name} of the gateway`],
    ['verify', verify],
    ['secret', `in BATON_HOOK_${secret}_SECRET of the gateway`],
    ['workflow', run.workflow],
    ['made by', `${createdBy.type} ${createdBy.id}`],
  ]);
