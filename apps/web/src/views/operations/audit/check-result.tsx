import type { ReactElement, ReactNode } from 'react';

interface CheckResultProps {
  readonly holds: boolean;
  /** One word for it, which other checks do not use. */
  readonly word: string;
  readonly tone: 'good' | 'busy';
  readonly children: ReactNode;
}

const TONES = { good: 'border-good bg-good-soft text-good', busy: 'border-busy bg-busy-soft text-busy' } as const;

/** What a check found. Verifying and re-running prove different things, so neither looks like the other. */
export const CheckResult = ({ holds, word, tone, children }: CheckResultProps): ReactElement => (
  <div
    role={holds ? 'status' : 'alert'}
    className={`mt-2 rounded border px-3 py-2 break-words ${holds ? TONES[tone] : 'border-bad bg-bad-soft text-bad'}`}
  >
    <strong>{word}</strong> {children}
  </div>
);
