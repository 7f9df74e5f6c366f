// Builds the dashboard (apps/web) into apps/web/dist/page, from where the gateway serves it.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(dirname(fileURLToPath(import.meta.url))), 'apps/web');

// npm leaves the bundler's program for this machine out where the caller's Node is older than that wants. Everything else of
// Baton works without the page, and the gateway says why it has none.
const vite = await import('vite').catch((thrown) => {
  rmSync(join(web, 'dist/page'), { recursive: true, force: true });
  process.stdout.write(`The dashboard is left out: ${thrown}\n`);
  process.exit(0);
});

await vite.build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
