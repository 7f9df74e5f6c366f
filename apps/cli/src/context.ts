import type { Environment } from './environment.js';
import { findConnection } from './gateway/connection.js';
import { type Gateway, openGateway } from './gateway/gateway.js';
import type { Format, Io } from './output.js';

/** What a command works with. Everything that differs between a terminal, a pipe and a test comes from here. */
export interface Context {
  readonly env: Environment;
  readonly io: Io;
  readonly format: Format;
  nowMs(): number;
  /** Ctrl-C, SIGTERM or SIGHUP. */
  readonly interrupted: AbortSignal;
  /** The second of them. */
  readonly hurried: AbortSignal;
}

export const gatewayOf = async ({ env }: Context): Promise<Gateway> => openGateway(await findConnection(env));
