import { readFile } from 'node:fs/promises';

/** What a process and all below it use. Linux only: elsewhere nothing is seen. */
export interface TreeUse {
  readonly threads: number;
  /** Private and shared memory that lies in no file; what several share is counted for each. */
  readonly memoryKb: number;
}

/** A tree that grows while it is read is read no further than this. */
const MAX_PROCESSES = 4096;

export async function useOfTree(rootPid: number): Promise<TreeUse> {
  const waiting = [rootPid];
  const seen = new Set<number>();
  let [threads, memoryKb] = [0, 0];
  for (let pid = waiting.pop(); pid !== undefined && seen.size < MAX_PROCESSES; pid = waiting.pop()) {
    if (seen.has(pid)) continue;
    seen.add(pid);
    const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''); // Gone meanwhile.
    threads += numberIn(status, 'Threads');
    memoryKb += numberIn(status, 'RssAnon') + numberIn(status, 'RssShmem');
    waiting.push(...(await childrenOf(pid)));
  }
  return { threads, memoryKb };
}

const numberIn = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);

/** Of its first thread: what another thread started is seen once that thread is gone, or by the cgroup. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}
