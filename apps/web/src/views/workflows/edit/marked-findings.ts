import { seen } from '../../../parts/plain-text.js';
import { type Place, writtenIn } from './pointer-lines.js';

export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly pointer: string;
  readonly message: string;
}

/** A finding at its place in the text. */
export interface Marked {
  readonly severity: 'error' | 'warning';
  readonly place: Place;
  readonly message: string;
}

/** What is no YAML hides what else is wrong; then that alone is said. In the order of the text. */
export function markedIn(text: string, findings: readonly Finding[]): readonly Marked[] {
  const { errors, placeOf } = writtenIn(text);
  if (errors.length > 0) {
    return errors.map(({ message, ...place }) => ({ severity: 'error', place, message: seen(message) }));
  }
  return findings
    .map(({ severity, pointer, message }) => ({ severity, place: placeOf(pointer), message: seen(message) }))
    .sort((one, other) => one.place.from - other.place.from);
}
