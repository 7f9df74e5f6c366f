import type { Sandbox, SandboxChoice } from '@baton/sandbox';
import { failed, inSpan } from '@baton/telemetry';
import type { WorkerMetrics } from '@baton/telemetry/metrics';

/**
 * What is executed, with a span and a count each: the program by its name, how it ended and for how long it ran. Its arguments and
 * what it printed are in the record of the run, and not here.
 */
export function observedSandbox(
  find: () => Promise<SandboxChoice>,
  metrics: Pick<WorkerMetrics, 'commandRun'> | undefined,
): () => Promise<SandboxChoice> {
  let observed: Promise<SandboxChoice> | undefined;
  return () => {
    observed ??= find().then((choice) => ({ ...choice, sandbox: watched(choice.sandbox, metrics) }));
    return observed;
  };
}

const watched = (sandbox: Sandbox, metrics: Pick<WorkerMetrics, 'commandRun'> | undefined): Sandbox => ({
  driver: sandbox.driver,
  inside: (view, path) => sandbox.inside(view, path),
  run: (command, signal) => {
    const program = command.argv[0].split('/').at(-1) ?? '';
    const attributes = { 'process.executable.name': program, 'baton.sandbox.driver': sandbox.driver };
    return inSpan(`run ${program}`, { attributes }, async (span) => {
      const beganMs = performance.now();
      let outcome = 'not-started';
      try {
        const execution = await sandbox.run(command, signal);
        const { exitCode, stopped } = execution.record;
        outcome = stopped ?? (exitCode === 0 ? 'ok' : 'failed');
        if (exitCode !== null) span.setAttribute('process.exit.code', exitCode);
        if (outcome !== 'ok') failed(span, { code: outcome });
        return execution;
      } finally {
        metrics?.commandRun(sandbox.driver, outcome, (performance.now() - beganMs) / 1000);
      }
    });
  },
});
