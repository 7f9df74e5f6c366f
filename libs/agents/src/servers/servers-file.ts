import { readFile } from 'node:fs/promises';
import { BatonError, explainIssues, ServerName, ToolName, toError } from '@baton/contracts';
import type { EnvSource } from '@baton/service-kit';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

/*
 * The servers whose tools agents may use, as the operator of a worker names them in the file BATON_MCP_SERVERS (JSON or YAML). A
 * run and a step may narrow that, and never add to it.
 */

const AGENTS = ['planner', 'validator', 'programmer', 'tester', 'prompt'] as const;

const Words = z.record(z.string().min(1).max(200), z.string().max(10_000)).default({});

const Shared = {
  /** Those that may be offered; `all`: whatever the server has. */
  tools: z.union([z.literal('all'), z.array(ToolName).min(1).max(100)]),
  /** The agents that may use it; all of them where it is absent. */
  agents: z.array(z.enum(AGENTS)).min(1).optional(),
  /** For one call. */
  timeoutSeconds: z.int().min(1).max(300).default(60),
  /** Whether a task fails, and is tried again later, where the server is away; else it goes on without. */
  required: z.boolean().default(false),
};

const Server = z.union([
  z.strictObject({
    ...Shared,
    url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
    /** Each may hold {env:NAME}: the value of a variable of the worker. */
    headers: Words,
    /** Whether it may have an address of one's own network, and plain http. */
    allowPrivate: z.boolean().default(false),
  }),
  z.strictObject({
    ...Shared,
    /** A program of the operator, which runs as the worker does, in no sandbox. */
    command: z.string().min(1).max(2_000),
    args: z.array(z.string().max(10_000)).max(100).default([]),
    env: Words,
    cwd: z.string().min(1).optional(),
  }),
]);

/** The word by which a run says that its agents have no server. */
const NO_SERVER = 'none';
const Name = ServerName.refine(
  (name) => name !== NO_SERVER,
  `${NO_SERVER} is the word for no server, and no name of one`,
);

const ServersFile = z.strictObject({
  servers: z.record(Name, Server).refine((all) => Object.keys(all).length <= 20, 'has more than 20 servers'),
});

/** One server, with what it needs in it. Its secrets are nowhere else. */
export type ToolServer = z.output<typeof Server> & {
  readonly name: string;
  /** The values that references stand for: they are cut from whatever the server says. */
  readonly secrets: readonly string[];
};

const MOST_BYTES = 256 * 1024;

/**
 * Those of the file that an agent may use; none where there is no file.
 *
 * @throws BatonError `invalid-environment`, which shows no secret
 */
export async function readServers(
  path: string | undefined,
  agent: string,
  source: EnvSource,
): Promise<readonly ToolServer[]> {
  if (path === undefined) return [];
  const parsed = ServersFile.safeParse(await contentOf(path));
  if (!parsed.success) {
    const [first] = explainIssues(parsed.error, undefined, ServersFile);
    throw invalid(`${path} does not fit: ${first?.path.map(String).join('.') ?? ''} ${first?.detail ?? 'it is wrong'}`);
  }
  return Object.entries(parsed.data.servers)
    .filter(([, { agents }]) => agents === undefined || agents.some((each) => each === agent))
    .map(([name, server]) => resolved(name, server, source));
}

async function contentOf(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > MOST_BYTES) throw new Error('it is larger than 256 KiB');
    return parsedYaml(text);
  } catch (thrown) {
    throw invalid(`${path} cannot be read: ${toError(thrown).message}`);
  }
}

/** What is wrong is told by its place alone: the words of the parser quote the file, which may hold a secret. */
function parsedYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new Error(`it is no YAML from line ${line}, column ${col} on (${error.code})`);
  }
  try {
    return document.toJS();
  } catch {
    throw new Error('it refers to what it does not name, or to too much');
  }
}

const REFERENCE = /\{env:([A-Za-z_]\w*)\}/g;

function resolved(name: string, server: z.output<typeof Server>, source: EnvSource): ToolServer {
  const secrets = new Set<string>();
  const filled = (text: string): string =>
    text.replace(REFERENCE, (_, variable: string) => {
      const value = source[variable] ?? '';
      if (value === '') throw invalid(`the server ${name} refers to ${variable}, which the environment does not have`);
      secrets.add(value);
      return value;
    });
  const all = (words: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(words).map(([key, value]) => [key, filled(value)]));
  if ('url' in server) {
    if (!server.allowPrivate && !server.url.startsWith('https:'))
      throw invalid(`the server ${name} has a URL without TLS: say allowPrivate where it is on a network of your own`);
    const { headers, ...rest } = server;
    return { ...rest, headers: all(headers), name, secrets: [...secrets] };
  }
  const { env, args, ...rest } = server;
  return { ...rest, args: args.map(filled), env: all(env), name, secrets: [...secrets] };
}

const invalid = (reason: string): BatonError =>
  new BatonError(`BATON_MCP_SERVERS: ${reason}.`, {
    code: 'invalid-environment',
    next: 'Correct the file; docs/mcp.md says what stands in it.',
  });
