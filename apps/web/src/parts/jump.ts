import { GatewayRefused } from '@baton/client';
import { type AnyRouter, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/api.js';
import { idIn } from './ids.js';

/** The address of what an id is of. @throws GatewayRefused where it is of nothing */
export async function addressOf(id: string): Promise<string> {
  const found = idIn(id);
  if (found?.kind === 'task') {
    const approval = await api()
      .get('/v1/approvals/{id}', { params: { path: { id: found.id } } })
      .catch((thrown: unknown) => {
        if (thrown instanceof GatewayRefused && thrown.status === 404) return null;
        throw thrown;
      });
    if (approval !== null) return `/approvals?id=${encodeURIComponent(found.id)}`;
  }
  const { runId } = await api().get('/v1/runs/{id}', { params: { path: { id: found?.runId ?? id } } });
  return `/runs/${runId}`;
}

/** Goes to what an id is of. `jump` says whether the text is one. */
export function useJump(): { readonly jump: (text: string) => boolean; readonly error: string | undefined } {
  const router: AnyRouter = useRouter();
  const [error, setError] = useState<string>();
  const jump = (text: string): boolean => {
    setError(undefined);
    const found = idIn(text);
    if (found === null) return false;
    addressOf(found.id).then(
      (address) => router.history.push(address),
      (thrown: unknown) => setError(thrown instanceof Error ? thrown.message : String(thrown)),
    );
    return true;
  };
  return { jump, error };
}
