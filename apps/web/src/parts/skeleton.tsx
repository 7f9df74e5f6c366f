import type { ReactElement } from 'react';

/** Where something will be in a moment. */
export const Skeleton = ({ lines = 5 }: { readonly lines?: number }): ReactElement => (
  <div role="status" aria-label="Loading" className="animate-pulse space-y-2">
    {Array.from({ length: lines }, (_, line) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines of a skeleton are alike
      <div key={line} className="h-5 rounded bg-raised" />
    ))}
  </div>
);
