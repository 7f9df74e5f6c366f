import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Schemas } from '../../../api/api.js';
import { newKey, requestKeys } from './request-keys.js';

type Accepted = Schemas['RunAccepted'];

/**
 * Something that changes a run, or makes one. A request whose answer did not come is sent again under its key; one with
 * another body is another request.
 */
export function useRequest<B>(
  send: (body: B, idempotencyKey: string) => Promise<Accepted>,
  onAccepted: (accepted: Accepted) => void,
) {
  const queries = useQueryClient();
  const keys = useRef(requestKeys(newKey));
  return useMutation({
    mutationFn: (body: B) => send(body, keys.current.of(body)),
    onSuccess: (accepted) => {
      keys.current.done();
      void queries.invalidateQueries({ queryKey: ['run', accepted.runId] });
      void queries.invalidateQueries({ queryKey: ['live'] });
      onAccepted(accepted);
    },
  });
}
