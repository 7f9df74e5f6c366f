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
import { cleanSchema, type SentSchema } from './clean-schema.js';
import { textOfContent } from './content-text.js';
import { guardedFetch } from './guarded-fetch.js';
import type { ToolServer } from './servers-file.js';

/** A tool as a server describes it: all of this is somebody else's text. */
export interface DescribedTool {
  readonly name: string;
  readonly description: string;
  /** Null: it cannot be sent to a model. */
  readonly input: SentSchema | null;
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
/** What an error of a server says, in characters: it may be as long as a page. */
const MOST_OF_AN_ERROR = 1_000;

/** What a server is told of us; Baton itself lets nobody of this name decide about a run. */
const OURSELVES = { name: 'baton-agent', version: '1.0.0' };

/** Schemas of others are compiled by nobody here: a pattern in one can hold a process for ever. */
const ANYTHING: NonNullable<ClientOptions['jsonSchemaValidator']> = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

interface Listed {
  readonly listing: Promise<Listing>;
  readonly until: number;
  /** Whether it is the list of a server that was there: such a list ends with its connection. */
  readonly isThere: boolean;
}

/** The way to one server: opened when it is first needed, and again where it was lost. */
export class ServerConnection {
  readonly server: ToolServer;
  readonly #ports: ConnectionPorts;
  readonly #cut: CutSecrets;
  #opened: Promise<Client> | null = null;
  #listed: Listed | null = null;

  constructor(server: ToolServer, ports: ConnectionPorts) {
    this.server = server;
    this.#ports = ports;
    this.#cut = cuttingOf(server.secrets);
  }

  /** What it has; asked once a minute. Never rejects. */
  tools(): Promise<Listing> {
    const { monotonicMs } = this.#ports;
    if (this.#listed !== null && monotonicMs() < this.#listed.until) return this.#listed.listing;
    const listing = this.#list();
    const asked: Listed = { listing, until: Number.POSITIVE_INFINITY, isThere: false };
    this.#listed = asked;
    // From when it is known: to find out that a server is away may take longer than it is left alone.
    void listing.then(({ ok }) => {
      const until = monotonicMs() + (ok ? LISTED_MS : AWAY_MS);
      if (this.#listed === asked) this.#listed = { listing, until, isThere: ok };
    });
    return listing;
  }

  /** Carries out one call. Rejects with the reason of `signal` alone. */
  async call(name: string, input: JsonObject, signal: AbortSignal): Promise<ServerAnswer> {
    try {
      const client = await this.#open();
      const options = { timeout: this.server.timeoutSeconds * 1_000, signal };
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: { ...input } }, options);
      return { text: textOfContent(content, structuredContent, this.#clean), isError: isError === true };
    } catch (thrown) {
      signal.throwIfAborted();
      const error = toError(thrown);
      this.#say(error, 'a call of a tool of a server went wrong');
      return { text: `${this.#reasonOf(error)}. It said: ${this.#saidBy(error)}`, isError: true };
    }
  }

  async stop(): Promise<void> {
    if (this.#opened !== null) await this.#close(this.#opened);
  }

  async #list(): Promise<Listing> {
    const opened = this.#open();
    try {
      const client = await opened;
      const { tools } = await client.listTools(undefined, { timeout: this.#ports.connectMs ?? CONNECT_MS });
      const described = tools.map(({ name, description = '', inputSchema }) => ({
        // One that holds a secret is no name of a tool any more, and is left out.
        name: this.#clean(name),
        description: this.#clean(description),
        input: cleanSchema(inputSchema as JsonObject, this.#clean),
      }));
      return { ok: true, tools: described };
    } catch (thrown) {
      const error = toError(thrown);
      this.#say(error, 'a server whose tools agents may use is away');
      await this.#close(opened);
      return { ok: false, reason: this.#reasonOf(error) };
    }
  }

  #open(): Promise<Client> {
    if (this.#opened !== null) return this.#opened;
    const opening = this.#connect();
    const lost = (): void => this.#lose(opening);
    opening.then((client) => {
      client.onclose = lost;
    }, lost);
    this.#opened = opening;
    return opening;
  }

  async #close(opened: Promise<Client>): Promise<void> {
    if (this.#opened === opened) this.#opened = null;
    await opened.then((client) => client.close()).catch(() => undefined);
  }

  /** One that is over may say so when another is open already: that one stays. */
  #lose(opened: Promise<Client>): void {
    if (this.#opened !== opened) return;
    this.#opened = null;
    if (this.#listed?.isThere === true) this.#listed = null;
  }

  async #connect(): Promise<Client> {
    const { server } = this;
    // A probe of the newer protocol is a second process for a program, and one more request for a URL.
    const versionNegotiation = 'url' in server ? { mode: 'auto' as const } : { mode: 'legacy' as const };
    const client = new Client(OURSELVES, { versionNegotiation, jsonSchemaValidator: ANYTHING });
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
    this.#ports.log.warn({ server: this.server.name, reason: this.#saidBy(error) }, what);
  }

  #saidBy({ message }: Error): string {
    const text = this.#clean(message);
    if (text.length <= MOST_OF_AN_ERROR) return text;
    return `${text.slice(0, MOST_OF_AN_ERROR).toWellFormed()}… [cut: ${text.length} characters]`;
  }

  readonly #clean = (text: string): string => this.#cut(storableText(text));
}

/** As they are, and in the forms that they may come back in: for those their names have to be such of secrets. */
function cuttingOf(secrets: readonly string[]): CutSecrets {
  const cut = cutSecretsOf(Object.fromEntries(secrets.map((value, n) => [`MCP_${n}_SECRET`, value])));
  const longestFirst = secrets.toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((left, secret) => left.replaceAll(secret, SECRET_CUT), cut(text));
}
