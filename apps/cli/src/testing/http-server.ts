import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly Seen[];
  /** Breaks every connection and stops listening, as a killed process does. */
  kill(): Promise<void>;
}

export type Answer = (request: Seen, response: ServerResponse) => void;

/** A real HTTP server on a port of 127.0.0.1. */
export async function serve(answer: Answer, port = 0): Promise<HttpServer> {
  const requests: Seen[] = [];
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      requests.push(request);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    kill: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  rest: object = {},
): void {
  const body = { type: `urn:baton:problem:${code}`, title: 'x', status, code, detail, next: 'Server advice.', ...rest };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}
