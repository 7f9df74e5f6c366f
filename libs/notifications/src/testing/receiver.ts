import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type Notification, Notification as Shape } from '@baton/contracts';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real endpoint on 127.0.0.1 that keeps what came. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** What came, each of it checked with the library that receivers use. Throws where a signature does not fit. */
  verified(secret: string): readonly Notification[];
  close(): Promise<void>;
}

export type Reply = (response: ServerResponse, received: Received) => void;

export const reply =
  (status: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    void response.writeHead(status, headers).end('thank you');

export async function openReceiver(answer: Reply = reply(204)): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    port: address.port,
    received,
    verified: (secret) =>
      received.map(({ body, headers }) => Shape.parse(new Webhook(secret).verify(body, signatureOf(headers)))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const idOf = ({ headers }: Received): string => String(headers['webhook-id']);

const signatureOf = (headers: IncomingHttpHeaders): Record<string, string> => ({
  'webhook-id': String(headers['webhook-id']),
  'webhook-timestamp': String(headers['webhook-timestamp']),
  'webhook-signature': String(headers['webhook-signature']),
});
