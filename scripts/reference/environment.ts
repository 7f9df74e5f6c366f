import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RUN_LIMITS } from '@baton/workflow';
import { code, GENERATED, page, sentence, table } from './markdown.js';
import { type Block, blocksIn } from './source-blocks.js';
import { OF_VARIABLES } from './words.js';

const INTRODUCTION = `# Variables of the environment

What each program reads from its environment, once, when it starts. An empty variable counts as not set. A wrong one stops the start with \`invalid-environment\`, which names the variable and what was expected, and shows no value. \`npm start\` sets what its services need; where they are run by hand or in containers, [Operating](../operating.md) says how they go together. Folders are separated as in \`PATH\`, lists by commas.`;

/** Who reads what the file of a folder says, in the order of the page; what is not here comes after them. */
const READERS: readonly (readonly [path: string, title: string])[] = [
  ['apps/cli', 'The command `baton`'],
  ['libs/service-kit', 'Every service'],
  ['apps/gateway', 'The gateway'],
  ['apps/orchestrator', 'The orchestrator, and `migrate`'],
  ['libs/worker', 'Every worker, yours too'],
  ['libs/agents/src/service', 'Workers with a model'],
  ['libs/agents/src/deployer', 'The deployer'],
];

const TYPES: Readonly<Record<string, string>> = {
  CountVariable: 'whole number from 1',
  PortVariable: 'port from 1 to 65535',
  FlagVariable: '`true` or `false`',
  FoldersVariable: 'folders',
  PublicUrlVariable: 'URL',
  NamesVariable: 'list of names',
  HostList: 'list of hosts',
  RateVariable: 'whole number from 0',
  DATABASE: 'URL (`postgres://`)',
  LogLevel: '`fatal`, `error`, `warn`, `info`, `debug`, `trace`, `silent`',
  Effort: '`low`, `medium`, `high`, `xhigh`, `max`',
  SandboxSetting: '`bwrap` or `none`',
  Password: 'text, at least 16 characters',
};

const VARIABLE = /^[A-Z][A-Z0-9_]+$|^npm_config_/;

function typeOf(expression: string): string {
  const values = /z\s*\.enum\(\s*\[([^\]]*)\]/.exec(expression)?.[1];
  if (values !== undefined) return [...values.matchAll(/'([^']+)'/g)].map(([, value = '']) => code(value)).join(', ');
  if (/^z\s*\.url|urlOf/.test(expression)) return 'URL';
  if (/daysFrom/.test(expression)) return 'days; 0 for ever';
  if (/z\s*\.coerce\s*\.number/.test(expression)) return 'number';
  const [word = ''] = /^\w+/.exec(expression) ?? [];
  return TYPES[word] ?? 'text';
}

/** Defaults that are no literals, in words. */
function defaultOf(expression: string): string {
  const value = /\.default\(('[^']*'|.*?)\)(?=\s*\.|$)/.exec(expression)?.[1];
  if (value === undefined) return '';
  const text = /^'(.*)'$/.exec(value)?.[1];
  if (text !== undefined) return text === '' ? '' : code(text);
  if (/^[\d_ *]+$/.test(value))
    return code(
      String(
        value
          .replaceAll('_', '')
          .split('*')
          .reduce((product, each) => product * Number(each), 1),
      ),
    );
  const limit = Object.entries(DEFAULT_RUN_LIMITS).find(([name]) => value === `DEFAULT_RUN_LIMITS.${name}`);
  if (limit !== undefined) return code(String(limit[1]));
  if (value === '[]') return 'none';
  if (value === 'true' || value === 'false') return code(value);
  if (/workflows'\)?$/.test(value)) return 'what ships';
  return value.includes('import.meta') ? 'what was built' : '';
}

const isRequired = ({ expression }: { readonly expression: string }): boolean =>
  !/\.optional\(|\.default\(/.test(expression) &&
  !/^(FoldersVariable|NamesVariable|Password|Text)\b/.test(expression) &&
  !/^text\b.*optional/.test(expression);

interface Found {
  readonly path: string;
  readonly blocks: readonly Block[];
}

/** Files that define what is read from an environment. */
function filesWithVariables(root: string): readonly Found[] {
  return globSync(['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'], { cwd: root })
    .filter((path) => !/\.spec\.ts$|\/testing\/|^apps\/(bench|e2e)\/|^libs\/(test-stack|asl-conformance)\//.test(path))
    .toSorted()
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      if (!/\bz\.object\(|\.extend\(|Variables = \{/.test(text)) return [];
      const blocks = [...blocksIn(text).values()].filter(({ members }) =>
        [...members].some(([name, { expression }]) => VARIABLE.test(name) && isVariable(expression)),
      );
      return blocks.length === 0 ? [] : [{ path, blocks }];
    });
}

/** A member of a definition of ours, and not a value in some record. */
const isVariable = (expression: string): boolean =>
  /^(z\b|text\b|Text\b|\w+Variable\b|DATABASE\b|urlOf|daysFrom|HostList\b|LogLevel\b|Effort\b|SandboxSetting\b|Password\b|GrantsOf\w+|Allowed\b|[A-Z]\w+\.)/.test(
    expression,
  );

/** The page about all variables, from the definitions with which programs read them. */
export function environmentPage(root: string): string {
  const found = filesWithVariables(root);
  const placeOf = (path: string): number => {
    const at = READERS.findIndex(([folder]) => path.startsWith(`${folder}/`));
    return at === -1 ? READERS.length : at;
  };
  const groups = Map.groupBy(
    found,
    ({ path }) => READERS[placeOf(path)]?.[1] ?? `Others: ${code(path.split('/').slice(0, 2).join('/'))}`,
  );
  const titles = [...groups.keys()].toSorted(
    (a, b) => placeOf(groups.get(a)?.[0]?.path ?? '') - placeOf(groups.get(b)?.[0]?.path ?? ''),
  );
  return page([GENERATED, INTRODUCTION, ...titles.map((title) => section(title, groups.get(title) ?? []))]);
}

function section(title: string, found: readonly Found[]): string {
  const rows = new Map<string, readonly string[]>();
  for (const { members } of found.flatMap(({ blocks }) => blocks)) {
    for (const [name, member] of members) {
      if (!VARIABLE.test(name) || !isVariable(member.expression) || rows.has(name)) continue;
      const { expression, comment } = member;
      const need = isRequired(member) ? 'required' : defaultOf(expression);
      rows.set(name, [code(name), typeOf(expression), need, sentence(comment) || (OF_VARIABLES[name] ?? '')]);
    }
  }
  return `## ${title}\n\n${table(['variable', 'value', 'default', 'what it is'], [...rows.values()])}`;
}
