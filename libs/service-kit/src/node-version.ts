import { BatonError } from '@baton/contracts';

/** What package.json pins for everything that ships as a service; a worker of one's own runs on older ones, too. */
const OLDEST_MAJOR = 24;

/** Throws `node-too-old`, before anything that such a Node does not know is called. @param version such as `20.17.0` */
export function assertNodeOfServices(version: string): void {
  if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return;
  throw new BatonError(`The services of Baton need Node ${OLDEST_MAJOR}, and this is Node ${version}.`, {
    code: 'node-too-old',
    next: 'Start it with `npx node` instead of `node` in the folder of Baton, which takes the Node that Baton brings.',
  });
}
