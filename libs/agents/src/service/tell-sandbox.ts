import type { SandboxChoice } from '@baton/sandbox';
import type { ServiceContext } from '@baton/service-kit';

/** Says at the start, and to whoever asks for the health of the service, what code is executed in. */
export function tellSandbox({ log, health }: ServiceContext, choice: SandboxChoice): void {
  const { sandbox, executes, summary, next } = choice;
  health.addFact('sandbox', next === null ? summary : `${summary}. ${next}`);
  const facts = { driver: sandbox.driver, executes, summary, next };
  if (sandbox.driver === 'none') log.warn(facts, 'no sandbox');
  else log.info(facts, 'sandbox chosen');
}
