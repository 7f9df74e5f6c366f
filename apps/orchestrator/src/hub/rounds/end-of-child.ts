import { BatonErrorName, type Usage, usdOf } from '@baton/contracts';
import type { RunOrder, RunState, StartedRun } from '@baton/workflow';

/** What the parent's state gets of a child that has ended. */
export function endOf(child: RunState, commandId: string): RunOrder | null {
  if (child.status === 'new') return null;
  const usage = usageOf(child);
  switch (child.status) {
    case 'succeeded':
      return { type: 'CompleteTask', commandId, output: child.output, usage };
    case 'failed':
      return {
        type: 'FailTask',
        commandId,
        error: child.error ?? '',
        cause: child.cause ?? '',
        retryable: true,
        usage,
      };
    case 'cancelled':
      return {
        type: 'FailTask',
        commandId,
        error: BatonErrorName.cancelled,
        cause: child.cause ?? '',
        retryable: true,
        usage,
      };
    default:
      return null;
  }
}

/** What a child used counts as its parent's; an unknown price stays unknown. */
const usageOf = ({ spent }: StartedRun): Usage => ({
  inputTokens: spent.tokens,
  outputTokens: 0,
  costUsd: spent.hasUnknownPrice ? null : usdOf(spent.microUsd),
});
