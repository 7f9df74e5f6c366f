/** What one check found. `next` is empty where there is nothing to do. */
export interface Finding {
  readonly status: 'ok' | 'warn' | 'fail';
  readonly check: string;
  readonly found: string;
  readonly next: string;
}

export const ok = (check: string, found: string): Finding => ({ status: 'ok', check, found, next: '' });
export const warn = (check: string, found: string, next: string): Finding => ({ status: 'warn', check, found, next });
export const fail = (check: string, found: string, next: string): Finding => ({ status: 'fail', check, found, next });
