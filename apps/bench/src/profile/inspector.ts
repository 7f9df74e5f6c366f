import { once } from 'node:events';
import { z } from 'zod';
import { CpuProfile } from './cpu-profile.js';

const Targets = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const Answer = z.object({
  id: z.int().optional(),
  error: z.object({ message: z.string() }).optional(),
  result: z.object({ profile: CpuProfile.optional() }).optional(),
});

const SAMPLE_EVERY_MICROSECONDS = 500;

/** A session with the inspector of another process: its profiler, for as long as it is wanted. */
export interface CpuProfiler {
  readonly stop: () => Promise<CpuProfile>;
}

/** Begins to sample what the process that listens on this port computes. */
export async function startCpuProfiler(port: number): Promise<CpuProfiler> {
  const listed = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = Targets.parse(await listed.json());
  if (target === undefined) throw new Error(`the inspector on port ${port} has nothing to inspect`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, 'open');
  let calls = 0;
  const call = async (method: string, params: object = {}) => {
    calls += 1;
    const id = calls;
    const answered = new Promise<z.infer<typeof Answer>>((resolve, reject) => {
      socket.addEventListener('close', () => reject(new Error(`the inspected process ended during ${method}`)));
      socket.addEventListener('message', (event) => {
        const answer = Answer.parse(JSON.parse(String(event.data)));
        if (answer.id === id) resolve(answer);
      });
    });
    socket.send(JSON.stringify({ id, method, params }));
    const { error, result } = await answered;
    if (error !== undefined) throw new Error(`the inspector refused ${method}: ${error.message}`);
    return result;
  };
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_MICROSECONDS });
  await call('Profiler.start');
  return {
    async stop() {
      const result = await call('Profiler.stop');
      socket.close();
      if (result?.profile === undefined) throw new Error('the inspector gave no profile');
      return result.profile;
    },
  };
}
