import type { ReactElement } from 'react';
import { Button } from './button.js';

interface MoreProps {
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}

/** Below a list that has more than it shows. */
export const More = ({ hasMore, isLoading, onMore }: MoreProps): ReactElement | null =>
  hasMore ? (
    <p className="mt-3 text-center">
      <Button disabled={isLoading} onClick={onMore}>
        {isLoading ? 'Loading …' : 'Show more'}
      </Button>
    </p>
  ) : null;
