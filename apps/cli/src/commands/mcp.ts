import { openClient } from '@baton/client';
import { adviseModels, batonServer } from '@baton/mcp';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { findConnection } from '../gateway/connection.js';
import { writeLine } from '../output.js';

export interface McpOptions {
  /** Whether it may decide about runs that its own key submitted. */
  readonly decideOwnRuns?: boolean;
}

/**
 * Serves Baton to the program that started this one, over its standard streams, until that closes them. Standard output is the
 * protocol's alone.
 */
export async function serveMcp(
  context: Context,
  version: string,
  { decideOwnRuns = false }: McpOptions,
): Promise<ExitCode> {
  const connection = await findConnection(context.env);
  // Asked in the words of the command: what is wrong with the address or the key is for whoever sets this up.
  const me = await (await gatewayOf(context)).get('/v1/auth/me', { signal: context.interrupted });
  const ports = {
    api: openClient({ ...connection, advise: adviseModels }),
    principal: { actor: me.actor, roles: me.roles },
    dashboardUrl: connection.url,
    mayDecideOwnRuns: decideOwnRuns,
    version,
  };
  const roles = me.roles.length === 0 ? 'no role' : me.roles.join(', ');
  writeLine(context.io.err, `Serving ${connection.url} as ${me.actor.id} (${roles}) over MCP.`);
  const handle = serveStdio(() => batonServer(ports), {
    onerror: (error) => writeLine(context.io.err, error.message),
  });
  await untilOver(context.interrupted);
  await handle.close();
  return ExitCode.ok;
}

/** Until the other side closes its end, or somebody says stop. */
const untilOver = (interrupted: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (interrupted.aborted) return resolve();
    process.stdin.once('close', () => resolve());
    process.stdin.once('end', () => resolve());
    interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
