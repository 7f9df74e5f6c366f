import type { ReactElement, ReactNode } from 'react';

interface NothingProps {
  readonly title: string;
  readonly role?: 'alert' | 'status';
  /** Why, and what to do: an empty view says the next step. */
  readonly children?: ReactNode;
}

/** In place of a list that is empty, or of something that is not there: then it is what the page is about. */
export const Nothing = ({ title, role, children }: NothingProps): ReactElement => (
  <div role={role} className="mx-auto max-w-xl rounded-md border border-line bg-surface p-6 text-center">
    {role === 'alert' ? (
      <h1 className="font-medium break-words">{title}</h1>
    ) : (
      <p className="font-medium break-words">{title}</p>
    )}
    {children === undefined ? null : <div className="mt-1 text-quiet">{children}</div>}
  </div>
);
