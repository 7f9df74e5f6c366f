/**
 * How far an expression goes into a value. `carried`: it is handed on as it is. `members`: its items, and the names of
 * their members, are gone through. `walked`: all of it may be.
 */
export type Reach = 'carried' | 'members' | 'walked';

/** A function that may be called where nothing can stop it: it costs no more than to go through what it is given, and is charged. */
export interface FunctionInPlace {
  /** Arguments that it takes at most in this form: others make another function of it. */
  readonly most: number;
  /** How far it goes into its arguments. */
  readonly reach: Reach;
  /** Which argument is a function, to be written there itself. */
  readonly callsAt?: number;
}

const of = (names: string, as: FunctionInPlace): [string, FunctionInPlace][] =>
  names.split(' ').map((name) => [name, as]);

export const FUNCTIONS_IN_PLACE: ReadonlyMap<string, FunctionInPlace> = new Map([
  ...of('exists type', { most: 1, reach: 'carried' }),
  ...of('count', { most: 1, reach: 'carried' }),
  ...of('boolean not keys merge reverse', { most: 1, reach: 'members' }),
  ...of('append lookup', { most: 2, reach: 'members' }),
  ...of('sum min max average distinct sort', { most: 1, reach: 'walked' }),
  // A second argument of $string lays it out, and indents each line by how deep it is.
  ...of('string number length uppercase lowercase trim', { most: 1, reach: 'walked' }),
  ...of('contains substringBefore substringAfter join', { most: 2, reach: 'walked' }),
  ...of('substring', { most: 3, reach: 'walked' }),
  ...of('abs floor ceil sqrt', { most: 1, reach: 'walked' }),
  ...of('round power', { most: 2, reach: 'walked' }),
  // With a picture, each of these is another matter.
  ...of('now millis uuid random', { most: 0, reach: 'walked' }),
  ...of('toMillis fromMillis', { most: 1, reach: 'walked' }),
  ...of('error', { most: 1, reach: 'walked' }),
  ...of('assert', { most: 2, reach: 'walked' }),
  ...of('map filter single each sift', { most: 2, reach: 'walked', callsAt: 1 }),
  ...of('reduce', { most: 3, reach: 'walked', callsAt: 1 }),
]);
