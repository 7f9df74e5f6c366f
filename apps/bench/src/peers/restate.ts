import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@baton/service-kit';
import { until } from '@baton/test-stack';
import { BenchError } from '../leave-nothing.js';
import { type Engine, PEERS_FOLDER, PeerProgram, startDriver } from './peer-process.js';

const START_WITHIN_MS = 60_000;

/** The server from its npm package with its own defaults, which sync its log to the disk, a service, and a client. */
export async function startRestate(): Promise<Engine> {
  const program = serverProgram();
  const folder = await mkdtemp(join(tmpdir(), 'restate-'));
  const ports = {
    ingress: await freePort(),
    admin: await freePort(),
    node: await freePort(),
    service: await freePort(),
  };
  const server = PeerProgram.startServer('The Restate server', [program, '--no-logo', '--base-dir', folder], {
    RESTATE_NODE_NAME: 'bench',
    RESTATE_LISTEN_MODE: 'tcp',
    RESTATE_BIND_IP: '127.0.0.1',
    RESTATE_BIND_PORT: String(ports.node),
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ports.ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${ports.admin}`,
    RESTATE_LOG_FILTER: 'warn',
    RESTATE_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: '1',
  });
  const service = PeerProgram.startNode('The Restate service', 'restate-service.mjs', [String(ports.service)], {
    // Its SDK tells of each invocation by itself; nobody else is that talkative here.
    RESTATE_LOGGING: 'WARN',
  });
  const stop = async (): Promise<void> => {
    await service.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await service.next(START_WITHIN_MS);
    await register(server, ports);
    const client = await startDriver('The Restate client', 'restate.mjs', `http://127.0.0.1:${ports.ingress}`);
    return {
      measure: client.measure,
      async stop() {
        await client.stop();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverProgram(): string {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`;
  try {
    return createRequire(join(PEERS_FOLDER, 'package.json')).resolve(name);
  } catch {
    throw new BenchError(
      `Restate has no server for ${process.platform}-${process.arch} on npm. Leave it out with --only.`,
    );
  }
}

/** Tells the server where the service is, as soon as it listens to anybody. */
async function register(
  server: PeerProgram,
  ports: { readonly admin: number; readonly service: number },
): Promise<void> {
  let said = '';
  const isRegistered = async (): Promise<boolean> => {
    if (server.isOver) throw server.failure('ended by itself');
    const response = await fetch(`http://127.0.0.1:${ports.admin}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri: `http://127.0.0.1:${ports.service}` }),
    }).catch((error: unknown) => {
      said = String(error);
      return null;
    });
    if (response === null || response.ok) return response !== null;
    said = await response.text();
    return false;
  };
  await until(isRegistered, 'Restate to know the service', START_WITHIN_MS).catch((error: unknown) => {
    throw error instanceof BenchError ? error : server.failure(`did not take the service (${said})`);
  });
}
