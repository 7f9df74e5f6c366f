import { createServer } from 'node:net';

const listenOnce = (port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('a TCP server has no port'));
        else resolve(address.port);
      });
    });
  });

/** Ports that were given out and may not be taken yet: a stack asks for eight, one after the other. */
const given = new Set<number>();

/**
 * A TCP port that was free a moment ago, and that this process was not given before. Another program may take it before
 * the caller does: be ready to ask again.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const port = await listenOnce(0, host);
  if (given.has(port)) return freePort(host);
  given.add(port);
  return port;
}

/** Whether a server could listen on this port now. A port that needs more rights than we have counts as not free. */
export const isPortFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  listenOnce(port, host).then(
    () => true,
    () => false,
  );
