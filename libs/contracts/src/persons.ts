import type { Actor } from './intake.js';
import type { JsonObject } from './json.js';

/*
 * Several credentials may be one person's, and one may be known to several people. What has to be the work of different
 * people is compared by people, never by credentials.
 */

/** Who an actor is, as `user:ada`: the owner of its key, or itself. */
export const personOf = ({ type, id, person }: Actor): string => person ?? `${type}:${id}`;

/** Whether two are the same actor, however their credentials are owned. */
export const isSameActor = (one: Pick<Actor, 'type' | 'id'>, other: Pick<Actor, 'type' | 'id'>): boolean =>
  one.type === other.type && one.id === other.id;

const whoever = (actor: Actor): readonly string[] => [personOf(actor), ...(actor.knownTo ?? [])];

/** With the members that it has. */
export const actorAsJson = ({ type, id, via, person, knownTo }: Actor): JsonObject => ({
  type,
  id,
  ...(via === undefined ? {} : { via }),
  ...(person === undefined ? {} : { person }),
  ...(knownTo === undefined ? {} : { knownTo: [...knownTo] }),
});

/** Whether one person can have been both: they have an owner in common, or somebody who has seen the credential. */
export function mayBeOnePerson(one: Actor, other: Actor): boolean {
  const others = whoever(other);
  return whoever(one).some((person) => others.includes(person));
}
