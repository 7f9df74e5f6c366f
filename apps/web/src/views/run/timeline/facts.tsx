import type { ReactElement, ReactNode } from 'react';

/** Names and values in two columns. */
export const Facts = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <dl className="grid grid-cols-[6rem_1fr] gap-x-3 gap-y-1">{children}</dl>
);

export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement => (
  <>
    <dt className="text-quiet">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);
