import type { ReactElement, ReactNode } from 'react';

interface SectionProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page of an approval. */
export const Section = ({ title, children }: SectionProps): ReactElement => (
  <section className="border-t border-line pt-3">
    <h2 className="mb-1.5 font-semibold">{title}</h2>
    {children}
  </section>
);
