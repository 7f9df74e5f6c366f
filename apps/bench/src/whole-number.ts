import { BenchError } from './leave-nothing.js';

/** An option that counts something. Throws BenchError for anything but a whole number from 1 on. */
export function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new BenchError(`${option} ${text} is no whole number from 1 on.`);
}
