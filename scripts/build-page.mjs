// Builds the dashboard (apps/web) into apps/web/dist/page, from where the gateway serves it.
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const web = join(dirname(dirname(fileURLToPath(import.meta.url))), 'apps/web');

// npm leaves the bundler's program for this machine out where the caller's Node is older than that wants. Everything else of
// Baton works without the page, and the gateway says why it has none.
const vite = await import('vite').catch((thrown) => {
  rmSync(join(web, 'dist/page'), { recursive: true, force: true });
  process.stdout.write(`The dashboard is left out: ${thrown}\n`);
  process.exit(0);
});

await vite.build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });

/** Less gains nothing. */
const WORTH_PACKING_BYTES = 1_024;

// Packed once here, and not for each that asks.
for (const name of globSync('dist/page/assets/*.{js,css}', { cwd: web })) {
  const bytes = readFileSync(join(web, name));
  if (bytes.length < WORTH_PACKING_BYTES) continue;
  writeFileSync(join(web, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(
    join(web, `${name}.br`),
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  );
}
