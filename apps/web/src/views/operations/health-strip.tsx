import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { z } from 'zod';
import { operationsKey } from '../../api/operations.js';
import { seen } from '../../parts/plain-text.js';

const Readiness = z.object({
  status: z.string(),
  phase: z.string().catch(''),
  checks: z.record(z.string(), z.unknown()).catch({}),
  facts: z.record(z.string(), z.unknown()).catch({}),
});

const textOf = (value: unknown): string => seen(typeof value === 'string' ? value : JSON.stringify(value));

/** What is not ready is said with 503 and the same body, so that is no failure to ask. */
async function askReadiness(signal: AbortSignal): Promise<z.infer<typeof Readiness>> {
  const answer = await fetch('/readyz?verbose', { headers: { accept: 'application/json' }, signal });
  return Readiness.parse(await answer.json());
}

/** How each part that the gateway needs is. */
export function HealthStrip(): ReactElement | null {
  const { data } = useQuery({
    queryKey: [...operationsKey('queues'), 'readiness'],
    queryFn: ({ signal }) => askReadiness(signal),
  });
  if (data === undefined) return null;
  return (
    <ul aria-label="Health of the parts" className="flex flex-wrap gap-1.5 text-xs">
      {Object.entries(data.checks).map(([name, state]) => (
        <li
          key={name}
          className={`rounded px-1.5 py-0.5 ${state === 'ok' ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad'}`}
        >
          {name}: {textOf(state)}
        </li>
      ))}
      {Object.entries(data.facts).map(([name, fact]) => (
        <li key={name} className="rounded bg-raised px-1.5 py-0.5 text-quiet">
          {name}: {textOf(fact)}
        </li>
      ))}
    </ul>
  );
}
