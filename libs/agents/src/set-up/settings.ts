import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HostRule, parseHostRule, type Resolve, type Upstream } from '@baton/outbound';

/** How this machine reaches hosts that a command may reach, and whom it trusts there. */
export interface NetworkSettings {
  /** Hosts that may be on a network of this machine's own. */
  readonly ownNetwork: readonly HostRule[];
  readonly upstream: Upstream | null;
  /** Files with certificates that this machine trusts, one under the other. */
  readonly certificates: readonly string[];
  readonly resolve: Resolve;
}

/** What an operator says of set-ups, and how this machine reaches the registries. */
export interface SetUpSettings extends NetworkSettings {
  /** Where outcomes are kept, and made. */
  readonly cacheDir: string;
  readonly cacheMb: number;
  /** The only hosts that a set-up may reach, whatever it asks for; null: those that it asks for. */
  readonly onlyHosts: readonly HostRule[] | null;
  /** What tells package managers of registries other than the usual ones. */
  readonly registries: Readonly<Record<string, string>>;
  /** Where package managers are looked for, as in the variable PATH. */
  readonly path: string;
}

/** Variables by which package managers of this machine are told of a registry. */
interface RegistryVariables {
  readonly npm_config_registry?: string | undefined;
  readonly NPM_CONFIG_REGISTRY?: string | undefined;
  readonly PIP_INDEX_URL?: string | undefined;
  readonly PIP_EXTRA_INDEX_URL?: string | undefined;
  readonly UV_DEFAULT_INDEX?: string | undefined;
  readonly GOPROXY?: string | undefined;
}

/**
 * The registries that this machine uses, as variables for package managers. A password that stands in an address stays here:
 * whoever's packages are installed could read it.
 *
 * @param home where `.npmrc` may name one, too
 */
export function registriesOf(variables: RegistryVariables, home: string | undefined): Readonly<Record<string, string>> {
  const npm = variables.npm_config_registry ?? variables.NPM_CONFIG_REGISTRY ?? npmrcRegistry(home);
  const named = {
    npm_config_registry: npm,
    YARN_REGISTRY: npm,
    YARN_NPM_REGISTRY_SERVER: npm,
    PIP_INDEX_URL: variables.PIP_INDEX_URL,
    PIP_EXTRA_INDEX_URL: variables.PIP_EXTRA_INDEX_URL,
    UV_DEFAULT_INDEX: variables.UV_DEFAULT_INDEX ?? variables.PIP_INDEX_URL,
    GOPROXY: variables.GOPROXY,
  };
  const isOpen = (url: string): boolean => URL.canParse(url) && new URL(url).username === '';
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, url]) => (url !== undefined && isOpen(url) ? [[name, url]] : [])),
  );
}

function npmrcRegistry(home: string | undefined): string | undefined {
  if (home === undefined) return undefined;
  try {
    return /^\s*registry\s*=\s*["']?([^\s"']+)/m.exec(readFileSync(join(home, '.npmrc'), 'utf8'))?.[1];
  } catch {
    return undefined; // There is none.
  }
}

/** The hosts of these registries. */
export const hostsOf = (registries: Readonly<Record<string, string>>): readonly HostRule[] =>
  Object.values(registries).flatMap((address) => {
    const { hostname, port, protocol } = new URL(address);
    const usual = protocol === 'https:' ? 443 : 80;
    const rule = parseHostRule(`${hostname}:${port === '' ? usual : port}`);
    return rule === null ? [] : [rule];
  });
