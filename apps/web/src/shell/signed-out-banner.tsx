import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { type ReactElement, useEffect } from 'react';
import { sessionQuery } from '../api/session.js';

/**
 * The session ended while views were open, as where somebody signs out in another tab. What was being written stays where it
 * is: whoever signs in again in another tab and comes back can go on.
 */
export function SignedOutBanner(): ReactElement {
  const queries = useQueryClient();
  const { href } = useLocation();
  useEffect(() => {
    const look = (): void => {
      if (document.hidden) return;
      void queries.refetchQueries({ queryKey: sessionQuery.queryKey }).then(() => {
        if (queries.getQueryData(sessionQuery.queryKey) !== null) void queries.invalidateQueries();
      });
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [queries]);
  return (
    <p role="alert" className="border-b border-line bg-warn-soft px-4 py-2">
      You are signed out: what you see is not kept up to date, and nothing can be changed.{' '}
      <Link to="/sign-in" search={{ to: href }} className="text-accent underline">
        Sign in again
      </Link>
    </p>
  );
}
