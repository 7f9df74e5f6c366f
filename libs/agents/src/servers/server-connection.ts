import { type CutSecrets, cutSecretsOf, type JsonObject, SECRET_CUT, storableText, toError } from '@baton/contracts';
import { privateKindOf, type Resolve } from '@baton/outbound';
import {
  Client,
  type ClientOptions,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { textOfContent } from './content-text.js';
import { guardedFetch } from './guarded-fetch.js';
import type { ToolServer } from './servers-file.js';

/** A tool as a server describes it: all of this is somebody else's text. */
export interface DescribedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

/** What a server has, or why nobody knows: in our own words, since a model is told it. */
export type Listing =
  | { readonly ok: true; readonly tools: readonly DescribedTool[] }
  | { readonly ok: false; readonly reason: string };

export interface ServerAnswer {
  readonly text: string;
  readonly isError: boolean;
}

export interface ConnectionPorts {
  readonly resolve: Resolve;
  readonly monotonicMs: () => number;
  /** For finding and asking a server what it has; 20 seconds where it is absent. */
  readonly connectMs?: number;
  readonly log: { warn(facts: object, message: string): void };
}

const CONNECT_MS = 20_000;
/** What is listed may change; what is away may come back. */
const LISTED_MS = 60_000;
const AWAY_MS = 15_000;
const MOST_BUFFERED = 4 * 1024 * 1024;

/** What a server is told of us; Baton itself lets nobody of this name decide about a run. */
const OURSELVES = { name: 'baton-agent', version: '1.0.0' };

/** Schemas of others are compiled by nobody here: a pattern in one can hold a process for ever. */
const ANYTHING: NonNullable<ClientOptions['jsonSchemaValidator']> = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

/** The way to one server: opened when it is first needed, and again where it was lost. */
export class ServerConnection {
  readonly server: ToolServer;
  readonly #ports: ConnectionPorts;
  readonly #cut: CutSecrets;
  #opened: Promise<Client> | null = null;
  #listed: { readonly until: number; readonly listing: Promise<Listing> } | null = null;

  constructor(server: ToolServer, ports: ConnectionPorts) {
    this.server = server;
    this.#ports = ports;
    this.#cut = cuttingOf(server.secrets);
  }

  /** What it has; asked once a minute. Never rejects. */
  tools(): Promise<Listing> {
    const now = this.#ports.monotonicMs();
    if (this.#listed !== null && now < this.#listed.until) return this.#listed.listing;
    const listing = this.#list();
    const entry = { until: now + LISTED_MS, listing };
    this.#listed = entry;
    void listing.then(({ ok }) => {
      if (!ok && this.#listed === entry) this.#listed = { until: now + AWAY_MS, listing };
    });
    return listing;
  }

  /** Carries out one call. Rejects with the reason of `signal` alone. */
  async call(name: string, input: JsonObject, signal: AbortSignal): Promise<ServerAnswer> {
    try {
      const client = await this.#open();
      const options = { timeout: this.server.timeoutSeconds * 1_000, signal };
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: { ...input } }, options);
      return { text: this.#clean(textOfContent(content, structuredContent)), isError: isError === true };
    } catch (thrown) {
      signal.throwIfAborted();
      const error = toError(thrown);
      this.#say(error, 'a call of a tool of a server went wrong');
      return { text: `${this.#reasonOf(error)}. It said: ${this.#clean(error.message)}`, isError: true };
    }
  }

  async stop(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await opened?.then((client) => client.close()).catch(() => undefined);
  }

  async #list(): Promise<Listing> {
    try {
      const client = await this.#open();
      const { tools } = await client.listTools(undefined, { timeout: this.#ports.connectMs ?? CONNECT_MS });
      const described = tools.map(({ name, description = '', inputSchema }) => ({
        name,
        description: this.#clean(description),
        inputSchema: inputSchema as JsonObject,
      }));
      return { ok: true, tools: described };
    } catch (thrown) {
      const error = toError(thrown);
      this.#say(error, 'a server whose tools agents may use is away');
      await this.stop();
      return { ok: false, reason: this.#reasonOf(error) };
    }
  }

  #open(): Promise<Client> {
    this.#opened ??= this.#connect().catch((thrown: unknown) => {
      this.#opened = null;
      throw thrown;
    });
    return this.#opened;
  }

  async #connect(): Promise<Client> {
    const { server } = this;
    // A probe of the newer protocol is a second process for a program, and one more request for a URL.
    const versionNegotiation = 'url' in server ? { mode: 'auto' as const } : { mode: 'legacy' as const };
    const client = new Client(OURSELVES, { versionNegotiation, jsonSchemaValidator: ANYTHING });
    client.onclose = () => {
      this.#opened = null;
      this.#listed = null;
    };
    await client.connect(this.#transport(), { timeout: this.#ports.connectMs ?? CONNECT_MS });
    return client;
  }

  #transport(): StdioClientTransport | StreamableHTTPClientTransport {
    const { server } = this;
    if ('url' in server) {
      const refusalOf = server.allowPrivate ? () => null : privateKindOf;
      const fetch = guardedFetch({ refusalOf, resolve: this.#ports.resolve });
      return new StreamableHTTPClientTransport(new URL(server.url), {
        fetch,
        requestInit: { headers: server.headers },
      });
    }
    const { command, args, env, cwd } = server;
    return new StdioClientTransport({
      ...{ command, args, env: { ...getDefaultEnvironment(), ...env }, stderr: 'ignore' as const },
      ...(cwd === undefined ? {} : { cwd }),
      maxBufferSize: MOST_BUFFERED,
    });
  }

  #reasonOf(error: Error): string {
    const { name, timeoutSeconds } = this.server;
    const isTimeout = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
    if (isTimeout) return `The server ${name} did not answer within ${timeoutSeconds} seconds`;
    const isClosed = error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed;
    return isClosed ? `The server ${name} went away` : `The server ${name} cannot be used`;
  }

  #say(error: Error, what: string): void {
    this.#ports.log.warn({ server: this.server.name, reason: this.#clean(error.message) }, what);
  }

  readonly #clean = (text: string): string => this.#cut(storableText(text));
}

/** As they are, and in the forms that they may come back in. */
function cuttingOf(secrets: readonly string[]): CutSecrets {
  const cut = cutSecretsOf(Object.fromEntries(secrets.map((value, n) => [`MCP_SECRET_${n}`, value])));
  const longestFirst = secrets.toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((left, secret) => left.replaceAll(secret, SECRET_CUT), cut(text));
}
