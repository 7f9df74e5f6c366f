import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli.js';
import { parseEnvironment } from '../environment.js';
import type { ExitCode } from '../exit-codes.js';
import { recordedIo } from './console.js';
import { entered, events, exited, RUN_ID, startedData } from './events.js';
import { type Answer, type HttpServer, json, problem, serve } from './http-server.js';
import { runView } from './run-view.js';

export interface Ended {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole command against a real HTTP server, in a folder of its own. */
export class Bench {
  private constructor(
    readonly dir: string,
    readonly server: HttpServer,
    /** `GET /path` → what is answered. */
    readonly routes: Map<string, Answer>,
  ) {}

  static async start(): Promise<Bench> {
    const routes = new Map<string, Answer>();
    const server = await serve((request, response) => {
      const [path = ''] = request.path.split('?');
      const answer = routes.get(`${request.method} ${path}`);
      if (answer === undefined) problem(response, 404, 'run-not-found', `There is no run ${path}.`);
      else answer(request, response);
    });
    return new Bench(mkdtempSync(join(tmpdir(), 'baton-cli-')), server, routes);
  }

  async stop(): Promise<void> {
    await this.server.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Runs one command line. */
  async baton(
    args: readonly string[],
    options: {
      readonly stdin?: string;
      readonly signal?: AbortSignal;
      readonly isTerminal?: boolean;
      readonly width?: number;
      readonly url?: string;
    } = {},
  ): Promise<Ended> {
    const io = recordedIo(options);
    const interrupted = options.signal ?? new AbortController().signal;
    const variables = {
      BATON_HOME: join(this.dir, 'home'),
      BATON_URL: options.url ?? this.server.url,
      BATON_TOKEN: 'token',
    };
    const exitCode = await runCli({
      args,
      io,
      version: '9.9.9',
      interrupted,
      context: () => ({
        env: parseEnvironment(variables, this.dir),
        io,
        nowMs: () => Date.parse('2026-01-01T00:01:00.000Z'),
        interrupted,
        hurried: interrupted,
      }),
    });
    return { exitCode, stdout: io.stdout(), stderr: io.stderr() };
  }

  /** The JSON body of the last request. */
  lastBody(): unknown {
    return JSON.parse(this.server.requests.at(-1)?.body ?? 'null');
  }

  /** Writes a file into the folder; gives its name back. */
  file(name: string, content: string | Buffer): string {
    writeFileSync(join(this.dir, name), content);
    return name;
  }

  /** Serves a run with four events, which `3f2a` is the beginning of. */
  serveRun(view = runView({ version: 4 })): void {
    this.routes.set('GET /v1/runs/3f2a', (_, response) => json(response, 200, view));
    this.routes.set(`GET ${RUN_PATH}`, (_, response) => json(response, 200, view));
    this.routes.set(`GET ${RUN_PATH}/events`, ({ headers }, response) => {
      if (headers.accept !== 'text/event-stream') return json(response, 200, { events: RUN_EVENTS, next: null });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const text = RUN_EVENTS.map((event) => `id: ${event.version}\ndata: ${JSON.stringify(event)}\n\n`).join('');
      return void response.write(text);
    });
  }
}

export const RUN_PATH = `/v1/runs/${RUN_ID}`;
const RUN_EVENTS = events(['RunStarted', startedData], entered(1, 'Plan'), exited(1), ['RunSucceeded', { output: {} }]);
