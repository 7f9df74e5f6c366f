// `npm run pack`: the packages that others install, as tarballs in out/packages (or `-- --to FOLDER`). Nothing is published.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  options: { to: { type: 'string', default: join(root, 'out/packages') } },
  allowPositionals: true,
});

/** @type {Readonly<Record<string, (stage: string) => Promise<void>>>} */
const PACKAGES = {
  stack: async (stage) => (await import('./packing/stack-package.mjs')).layOutStack(root, stage),
  worker: async (stage) => (await import('./packing/worker-package.mjs')).layOutWorker(root, stage),
};

const unknown = positionals.filter((name) => PACKAGES[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`There is no package ${unknown.join(', ')}. One of: ${Object.keys(PACKAGES).join(', ')}.\n`);
  process.exit(2);
}

const to = resolve(values.to);
mkdirSync(to, { recursive: true });
for (const [name, layOut] of Object.entries(PACKAGES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const stage = mkdtempSync(join(tmpdir(), `baton-pack-${name}-`));
  try {
    await layOut(stage);
    const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', to], { cwd: stage });
    const [packed] = JSON.parse(told.toString());
    const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    process.stderr.write(
      `${packed.name} ${packed.version}: ${megabytes(packed.size)}, ${megabytes(packed.unpackedSize)} unpacked, ${packed.entryCount} files\n`,
    );
    process.stdout.write(`${join(to, packed.filename)}\n`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
