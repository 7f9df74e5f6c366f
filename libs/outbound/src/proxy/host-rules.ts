/** A host that may be reached, and on which port; null: the usual one, 443 for tunnels and 80 for plain HTTP. */
export interface HostRule {
  readonly host: string;
  readonly port: number | null;
}

/** Where somebody wants to go. */
export interface Target {
  /** In small letters, without brackets and without the dot of the root. */
  readonly host: string;
  readonly port: number;
}

export type Way = 'tunnel' | 'plain';

const USUAL_PORT: Readonly<Record<Way, number>> = { tunnel: 443, plain: 80 };

/** @returns null for what is no `host` and no `host:port` */
export function parseHostRule(text: string): HostRule | null {
  const parts = /^([^\s:/@?#[\]]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?$/.exec(text);
  if (parts === null) return null;
  const [, host = '', port] = parts;
  const number = port === undefined ? null : Number(port);
  if (number !== null && (number < 1 || number > 65_535)) return null;
  return { host: bareHost(host), port: number };
}

/** The same host is written in many ways. */
export const bareHost = (host: string): string =>
  host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();

export const isAllowed = (rules: readonly HostRule[], { host, port }: Target, way: Way): boolean =>
  rules.some((rule) => rule.host === host && (rule.port ?? USUAL_PORT[way]) === port);

/** What of the rules somebody wants is allowed by others: a rule without a port is the usual ports alone. */
export function rulesWithin(wanted: readonly HostRule[], allowed: readonly HostRule[]): readonly HostRule[] {
  return wanted.flatMap((rule) => {
    const ofHost = allowed.filter(({ host }) => host === rule.host).map(({ port }) => port);
    if (ofHost.includes(rule.port)) return [rule];
    if (rule.port === null) return ofHost.filter(isUsual).map((port) => ({ ...rule, port }));
    return isUsual(rule.port) && ofHost.includes(null) ? [rule] : [];
  });
}

const isUsual = (port: number | null): boolean => Object.values(USUAL_PORT).some((usual) => usual === port);

export const nameOf = ({ host, port }: Target): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
