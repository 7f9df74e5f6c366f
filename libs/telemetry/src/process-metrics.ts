import { Gauge, type Registry } from './prom.js';

/** What every process tells of itself. Looked at when asked: nothing runs in between. */
export function gaugesOfProcess(register: Registry): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [register],
      collect() {
        this.set(value());
      },
    });
  };
  gauge('baton_process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  gauge('baton_process_heap_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
  gauge('baton_process_uptime_seconds', 'Since the start.', () => process.uptime());
  let since = performance.eventLoopUtilization();
  gauge('baton_event_loop_utilization', 'How busy the event loop was since the scrape before, from 0 to 1.', () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, since);
    since = now;
    return utilization;
  });
}
