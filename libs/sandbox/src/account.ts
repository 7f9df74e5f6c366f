/** Somebody else than the service, for what its commands are started as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A user that owns nothing: not `nobody`, who may own the data of a Postgres. Below what systemd gives out. */
const STRANGER: Account = { uid: 60_999, gid: 60_999 };

const isRoot = (): boolean => process.getuid?.() === 0;

/** Limits and file rights do not bind root, so a command of a service that is root is never root's. */
export const accountOfCommands = (): Account | null => (isRoot() ? STRANGER : null);

export const SETPRIV = '/usr/bin/setpriv';

/** The arguments of `setpriv` that leave no right behind. */
export const withoutRights = (account: Account | null): readonly string[] => [
  ...(account === null ? [] : ['--reuid', `${account.uid}`, '--regid', `${account.gid}`, '--clear-groups']),
  '--no-new-privs',
  '--bounding-set=-all',
  '--inh-caps=-all',
];
