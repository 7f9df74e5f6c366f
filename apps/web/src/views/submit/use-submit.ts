import { GatewayRefused } from '@baton/client';
import { BatonError } from '@baton/contracts';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, type Schemas } from '../../api/api.js';
import { useRequestKey } from '../../parts/request-key.js';
import type { Wrong } from './input-value.js';

type Body = Schemas['SubmitRunBody'];

interface SubmitState {
  readonly send: (body: Body) => void;
  readonly isBusy: boolean;
  readonly refusal: string | null;
  /** Where in the body it is wrong, as the gateway says. */
  readonly wrong: readonly Wrong[];
  readonly keyOf: (body: Body) => string;
}

/** Submits, and goes to the run. The key stays the same for the same form, so that sending it again is the same run. */
export function useSubmit(): SubmitState {
  const navigate = useNavigate();
  const keyOf = useRequestKey();
  const post = useMutation({
    mutationFn: (body: Body) =>
      api().post('/v1/runs', { params: { header: { 'Idempotency-Key': keyOf(body) } }, body }),
    onSuccess: ({ runId }) => navigate({ to: '/runs/$runId', params: { runId } }),
  });
  const { error } = post;
  return {
    send: post.mutate,
    isBusy: post.isPending,
    refusal: error === null ? null : wordsOf(error),
    wrong: error instanceof GatewayRefused ? error.errors : [],
    keyOf,
  };
}

/** What is wrong at which place is listed beside it, and says more than what to do in general. */
function wordsOf(error: Error): string {
  const isPointed = error instanceof GatewayRefused && error.errors.length > 0;
  return error instanceof BatonError && !isPointed ? `${error.message} ${error.next}` : error.message;
}
