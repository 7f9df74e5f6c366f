import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HostRule, openProxy, type ProxyReport } from '@baton/outbound';
import { openRunFolder, type ReadOnlyPlace } from '@baton/sandbox';
import type { NetworkSettings } from './settings.js';

/** In both directions together. */
const MOST_TRANSFER_BYTES = 2 * 2 ** 30;

interface WayOutRequest {
  /** The only hosts that it leads to. */
  readonly hosts: readonly HostRule[];
  readonly settings: Pick<NetworkSettings, 'ownNetwork' | 'resolve' | 'upstream'>;
  readonly now: () => Date;
}

/** The one way out of a sandbox without a network: a socket that is bound in, behind which a proxy of ours decides. */
interface WayOut {
  /** What a command has to be shown for it. */
  readonly places: readonly ReadOnlyPlace[];
  /** A command with the way out: its programs find it as `HTTP_PROXY` and `HTTPS_PROXY`. */
  readonly through: (inside: (path: string) => string, argv: readonly string[]) => readonly [string, ...string[]];
  /** What was done with it so far. */
  readonly report: () => ProxyReport;
}

/** Opens a way out to some hosts, for as long as `work` takes. */
export async function withWayOut<T>(
  { hosts, settings, now }: WayOutRequest,
  work: (out: WayOut) => Promise<T>,
): Promise<T> {
  // Apart, and short: the path of a socket may have a hundred characters only.
  const door = await openRunFolder(tmpdir(), now());
  try {
    const socket = join(door.own, 'socket');
    const { ownNetwork, resolve, upstream } = settings;
    const proxy = await openProxy(socket, {
      ...{ ownNetwork, resolve, upstream },
      allowed: hosts,
      maxBytes: MOST_TRANSFER_BYTES,
    });
    try {
      await chmod(socket, 0o666);
      await door.handOver();
      return await work({
        places: [{ from: FORWARD }, { from: door.own, at: DOOR }],
        through: (inside, argv) => [inside(process.execPath), inside(FORWARD), `${DOOR}/socket`, ...argv],
        report: proxy.report,
      });
    } finally {
      await proxy.close();
    }
  } finally {
    await door.remove();
  }
}

/** Where the command finds the way out. */
const DOOR = '/run/baton';
const FORWARD = fileURLToPath(new URL(`./children/forward${extname(fileURLToPath(import.meta.url))}`, import.meta.url));
