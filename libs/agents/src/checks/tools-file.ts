import { BatonError, explainIssues, nearestName } from '@baton/contracts';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Check, FindingsFormat, type WorkspaceChecks } from './check.js';
import { DeploySection } from './deploy-section.js';
import { USUAL_HOSTS } from './usual.js';

/** Where a workspace says itself how it is judged. */
export const TOOLS_FILE = '.baton/tools.yaml';

const MOST_BYTES = 64 * 1024;
const MOST_CHECKS = 20;
const MOST_SECONDS = 3_600;

const Seconds = z.int(`must be a whole number of seconds, from 1 to ${MOST_SECONDS}`).min(1).max(MOST_SECONDS);
const Command = z.string().min(1, 'is empty').max(2_000);
const Host = z
  .string()
  .regex(/^(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?$/, 'must be the name of a host, such as registry.npmjs.org');
const Path = z
  .string()
  .max(240)
  .refine(
    (path) =>
      /^[^/\\\p{Cc}]+(?:\/[^/\\\p{Cc}]+)*$/u.test(path) &&
      !path.split('/').some((part) => part === '.' || part === '..'),
    'must be a relative path within the workspace, such as node_modules',
  );
const Arguments = z
  .union([z.boolean(), z.array(z.string().min(1).max(200)).min(1).max(50)], 'must be true, or a list of words')
  .default(false);

const CheckEntry = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a word of small letters, digits and hyphens')
    .refine((name) => name !== 'setup', 'cannot be setup, which is what the set-up is called'),
  command: Command,
  timeoutSeconds: Seconds.default(300),
  failsOn: z.array(z.int().min(1).max(255)).min(1).nullable().default(null),
  findings: z
    .strictObject({ format: FindingsFormat.default('lines'), file: Path.optional() })
    .default({ format: 'lines' }),
  arguments: Arguments,
  setup: z.boolean().default(true),
});

const ToolsFile = z.strictObject({
  deploy: DeploySection.optional(),
  setup: z
    .strictObject({
      command: Command,
      timeoutSeconds: Seconds.default(600),
      hosts: z.array(Host).max(20).default([]),
      lockfiles: z.array(Path).max(20).default([]),
      fills: z
        .array(Path, 'must name the folders that it fills, such as [node_modules]')
        .min(1, 'names no folder')
        .max(20),
      scratch: z.array(Path).max(20).default([]),
    })
    .refine(({ fills, scratch }) => scratch.every((path) => fills.some((fill) => path.startsWith(`${fill}/`))), {
      message: 'must lie within what it fills',
      path: ['scratch'],
    })
    .optional(),
  checks: z
    .array(CheckEntry)
    .min(1, 'names no check')
    .max(MOST_CHECKS)
    .check((context) => {
      const names = context.value.map(({ name }) => name);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice === undefined) return;
      context.issues.push({ code: 'custom', message: `the name ${twice} is given twice`, input: names, path: [] });
    }),
});

/**
 * Reads the file in which a workspace says how it is judged.
 *
 * @throws BatonError `tools-file-broken`, whose message names the line or the key
 */
export function readToolsFile(text: string): WorkspaceChecks {
  if (Buffer.byteLength(text) > MOST_BYTES) throw toolsFileBroken(`has more than ${MOST_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const error = document.errors[0];
  if (error !== undefined) throw toolsFileBroken(`is no YAML: ${error.message.split('\n', 1)[0]}`);
  const parsed = ToolsFile.safeParse(document.toJS({ maxAliasCount: 50 }));
  if (!parsed.success) throw toolsFileBroken(wordsOf(parsed.error).join('; '));
  const { setup, checks, deploy = null } = parsed.data;
  return {
    source: 'file',
    setUp:
      setup === undefined
        ? null
        : {
            command: setup.command,
            timeoutMs: setup.timeoutSeconds * 1_000,
            hosts: [...new Set([...Object.values(USUAL_HOSTS).flat(), ...setup.hosts])],
            lockfiles: setup.lockfiles,
            fills: setup.fills,
            scratch: setup.scratch,
          },
    checks: checks.map(checkOf),
    deploy,
  };
}

const checkOf = ({
  name,
  command,
  timeoutSeconds,
  failsOn,
  findings,
  arguments: takes,
  setup,
}: z.output<typeof CheckEntry>): Check => ({
  name,
  command,
  timeoutMs: timeoutSeconds * 1_000,
  failsOn,
  findings: { format: findings.format, from: findings.file === undefined ? 'output' : { file: findings.file } },
  takes: takes === true ? 'plain' : takes === false ? null : takes,
  needsSetUp: setup,
});

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['setup', 'checks', 'deploy'],
  deploy: Object.keys(DeploySection.shape),
  setup: ['command', 'timeoutSeconds', 'hosts', 'lockfiles', 'fills', 'scratch'],
  checks: Object.keys(CheckEntry.shape),
  findings: ['format', 'file'],
};

const wordsOf = (error: z.ZodError): readonly string[] => [
  ...error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [wordsOfUnknown(issue)] : [])),
  ...explainIssues(new z.ZodError(error.issues.filter(({ code }) => code !== 'unrecognized_keys'))).map(
    ({ path, detail }) => `${z.core.toDotPath(path)} ${detail}`.trim(),
  ),
];

function wordsOfUnknown(issue: z.core.$ZodIssueUnrecognizedKeys): string {
  const place = z.core.toDotPath(issue.path);
  const at = place === '' ? '' : `${place} `;
  const folder = String(issue.path.findLast((part) => typeof part === 'string') ?? '');
  const known = KEYS[folder] ?? [];
  const named = issue.keys.map((key) => {
    const meant = nearestName(key, known);
    return meant === null ? `${key}` : `${key} (did you mean ${meant}?)`;
  });
  return `${at}has no key ${named.join(', ')}; there are ${known.join(', ')}`;
}

export const toolsFileBroken = (reason: string): BatonError =>
  new BatonError(`${TOOLS_FILE} ${reason}.`, {
    code: 'tools-file-broken',
    next: 'docs/workspaces.md shows what it may hold; without the file the checks are found by the files of the workspace.',
  });
