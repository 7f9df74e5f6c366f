import { redisProgram } from '@baton/test-stack';
import { BenchError } from './leave-nothing.js';

/** The program of a Redis for a backend; null where the queues are to be on Postgres. @throws BenchError where there is none */
export function redisFor(backend: 'redis' | 'postgres'): string | null {
  if (backend === 'postgres') return null;
  const program = redisProgram();
  if (program !== null) return program;
  throw new BenchError('No redis-server or valkey-server is on the PATH. Install one, or add --backend postgres.');
}
