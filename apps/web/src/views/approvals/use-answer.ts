import { GatewayRefused } from '@baton/client';
import { BatonError, type Json } from '@baton/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas } from '../../api/api.js';
import { useRequestKey } from '../../parts/request-key.js';
import { type Approval, approvalQuery } from './approval-queries.js';

type Body = Schemas['ApprovalAnswerBody'];

const CHANGED = 412;
const STANDS = 409;
const NOT_THEIRS = 403;

interface AnswerState {
  readonly send: (body: Body) => void;
  readonly isBusy: boolean;
  /** Why it was not taken, in the words of the gateway. */
  readonly problem: string | null;
  /** What was asked when the person looked, where it is something else by now. */
  readonly changed: Json | null;
}

/**
 * Answers a question: bound to the hash of what is shown, and under a key that stays the same for the same answer, so that
 * sending it again after a lost connection answers once.
 */
export function useAnswer({ approvalId, sha256, arguments: shown }: Approval, onAnswered: () => void): AnswerState {
  const queries = useQueryClient();
  const keyOf = useRequestKey();
  const [changed, setChanged] = useState<Json | null>(null);
  const post = useMutation({
    mutationFn: (body: Body) =>
      api().post('/v1/approvals/{id}/decision', {
        params: {
          path: { id: approvalId },
          header: { 'If-Match': `"${sha256}"`, 'Idempotency-Key': keyOf([approvalId, sha256, body]) },
        },
        body,
      }),
    onSuccess: async () => {
      onAnswered();
      await queries.invalidateQueries({ queryKey: ['live', 'approvals'] });
    },
    onError: async (error) => {
      const status = error instanceof GatewayRefused ? error.status : null;
      if (status === CHANGED) setChanged((before) => before ?? shown);
      // What it is by now is shown beside the refusal.
      if (status === CHANGED || status === STANDS) {
        await queries.invalidateQueries({ queryKey: approvalQuery(approvalId).queryKey });
      }
    },
  });
  return {
    send: post.mutate,
    isBusy: post.isPending,
    problem: post.error === null || isChanged(post.error) ? null : wordsOf(post.error),
    changed,
  };
}

/** What changed is shown in place of the words. */
const isChanged = (error: Error): boolean => error instanceof GatewayRefused && error.status === CHANGED;

/** Where the answer does not count, the page itself shows what could be asked for. */
const wordsOf = (error: Error): string => {
  const isShown = error instanceof GatewayRefused && (error.status === STANDS || error.status === NOT_THEIRS);
  return error instanceof BatonError && !isShown ? `${error.message} ${error.next}` : error.message;
};
