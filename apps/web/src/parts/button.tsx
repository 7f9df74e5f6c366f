import type { ComponentProps, ReactElement } from 'react';

const KINDS = {
  plain: 'border border-line bg-surface hover:bg-raised',
  main: 'bg-accent text-accent-ink hover:opacity-90',
  danger: 'border border-bad text-bad bg-surface hover:bg-bad-soft',
  quiet: 'hover:bg-raised',
} as const;

export type ButtonKind = keyof typeof KINDS;

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: ButtonKind;
}

export const Button = ({ kind = 'plain', className = '', type = 'button', ...rest }: ButtonProps): ReactElement => (
  <button
    type={type}
    className={`inline-flex items-center gap-1.5 whitespace-nowrap rounded px-2.5 py-1 disabled:opacity-60 ${KINDS[kind]} ${className}`}
    {...rest}
  />
);
