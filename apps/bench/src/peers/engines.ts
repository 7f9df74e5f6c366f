import { createTestDatabase } from '@baton/event-store/testing';
import { batonClient } from '../baton-client.js';
import { BenchStack, type Servers } from '../bench-stack.js';
import { chainOf } from '../chain.js';
import { closedLoop } from '../closed-loop.js';
import { BenchError } from '../leave-nothing.js';
import { type Engine, startDriver } from './peer-process.js';
import { type EngineId, POINTS } from './points.js';
import { startRestate } from './restate.js';

/** The servers that are there for all: each engine takes a fresh database of its own. */
export interface EngineServers {
  readonly postgresUrl: string;
  /** Null where there is no Redis on this machine. */
  readonly redisUrl: string | null;
}

/** Starts an engine afresh. Throws BenchError where it does not start. */
export function startEngine(id: EngineId, { postgresUrl, redisUrl }: EngineServers): Promise<Engine> {
  switch (id) {
    case 'baton-redis':
      if (redisUrl === null) {
        throw new BenchError(
          'No redis-server or valkey-server is on the PATH. Install one, or leave it out with --only.',
        );
      }
      return startBaton({ postgresUrl, redisUrl });
    case 'baton-postgres':
      return startBaton({ postgresUrl, redisUrl: null });
    case 'dbos':
      return onDatabase(postgresUrl, (url) => startDriver('DBOS', 'dbos.mjs', url));
    case 'langgraph':
      return onDatabase(postgresUrl, (url) => startDriver('LangGraph', 'langgraph.mjs', url));
    case 'restate':
      return startRestate();
  }
}

const workflowOf = (steps: number): string => `bench-chain-${steps}`;

/** One orchestrator, and one worker process as users write it, which does a hundred tasks at once. */
async function startBaton(servers: Servers): Promise<Engine> {
  const lengths = [...new Set(POINTS.map(({ steps }) => steps))];
  const stack = await BenchStack.start(
    servers,
    lengths.map((steps) => chainOf(workflowOf(steps), steps, 'quick')),
    { onlyQuick: true },
  );
  await stack.startQuickWorker();
  const client = await batonClient(stack.pool, stack.messaging);
  return {
    measure: ({ steps, ...plan }) => closedLoop(() => client.run(workflowOf(steps)), plan),
    async stop() {
      // Loud where a run failed, but not before the stack is gone.
      await client.stop().finally(() => stack.stop());
    },
  };
}

async function onDatabase(postgresUrl: string, start: (url: string) => Promise<Engine>): Promise<Engine> {
  const database = await createTestDatabase(postgresUrl, []);
  try {
    const engine = await start(database.url);
    return {
      measure: engine.measure,
      async stop() {
        await engine.stop();
        await database.drop();
      },
    };
  } catch (error) {
    await database.drop();
    throw error;
  }
}
