import type { Reporter, TestModule } from 'vitest/node';

const SHOWN = 10;

/** At the end of a run, before the runner's own summary: the files that took longest, with what loading them took. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= SHOWN) return;
    const files = modules.map((module) => {
      const { duration, collectDuration, setupDuration, environmentSetupDuration, prepareDuration } =
        module.diagnostic();
      const loadingMs = collectDuration + setupDuration + environmentSetupDuration + prepareDuration;
      return { name: module.relativeModuleId, seconds: (duration + loadingMs) / 1000 };
    });
    const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
    const lines = slowest.map(({ name, seconds }) => ` ${seconds.toFixed(1).padStart(6)} s  ${name}`);
    process.stdout.write(`\nThe ${SHOWN} slowest files:\n${lines.join('\n')}\n`);
  }
}
