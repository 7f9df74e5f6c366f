import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A package of the registry, by its files; `package.json` gets name and version. */
export interface Published {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A registry of packages for npm on this machine, and what was asked of it. */
export interface NpmRegistry {
  readonly url: string;
  /** `localhost:<port>`. */
  readonly host: string;
  readonly asked: string[];
  /** A lockfile for a project that depends on all packages. */
  readonly lockfile: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

const VERSION = '1.0.0';

export async function openNpmRegistry(packages: readonly Published[]): Promise<NpmRegistry> {
  const packed = new Map(packages.map((each) => [each.name, pack(each)]));
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, answer) => {
    asked.push(url);
    const [, name = '', isFile] = /^\/([^/]+)(\/-\/.*)?$/.exec(url) ?? [];
    const found = packed.get(name);
    if (found === undefined) return void answer.writeHead(404).end('{}');
    if (isFile !== undefined) return void answer.end(found.bytes);
    const dist = { tarball: `http://${headers.host}/${name}/-/${name}-${VERSION}.tgz`, integrity: found.integrity };
    const version = { ...found.manifest, dist };
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify({ name, 'dist-tags': { latest: VERSION }, versions: { [VERSION]: version } }));
  });
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
  const host = `localhost:${port}`;
  const dependencies = Object.fromEntries(packages.map(({ name }) => [name, VERSION]));
  const locked = packages.map(({ name }) => {
    const { integrity, manifest } = packed.get(name) ?? pack({ name, files: {} });
    return [
      `node_modules/${name}`,
      {
        version: VERSION,
        resolved: `http://${host}/${name}/-/${name}-${VERSION}.tgz`,
        integrity,
        ...('scripts' in manifest ? { hasInstallScript: true } : {}),
      },
    ] as const;
  });
  const lockfile = JSON.stringify({
    name: 'project',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'project', dependencies }, ...Object.fromEntries(locked) },
  });
  return {
    url: `http://${host}/`,
    host,
    asked,
    lockfile,
    dependencies,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pack({ name, files, scripts }: Published) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-pack-'));
  const manifest = { name, version: VERSION, main: 'index.js', ...(scripts === undefined ? {} : { scripts }) };
  try {
    for (const [path, content] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
      mkdirSync(dirname(join(folder, 'package', path)), { recursive: true });
      writeFileSync(join(folder, 'package', path), content);
    }
    execFileSync('tar', ['-czf', join(folder, 'p.tgz'), '-C', folder, 'package']);
    const bytes = readFileSync(join(folder, 'p.tgz'));
    return { bytes, manifest, integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
