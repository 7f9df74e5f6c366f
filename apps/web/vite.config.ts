import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built into `dist/page/`, which the gateway serves. What a view alone needs is loaded when that view is opened. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  // The dashboard is built after the libs it uses: from what they compiled to.
  resolve: { conditions: ['browser', 'module', 'import', 'default'] },
  // The gateway puts another one there for each that asks: apps/gateway/src/page.
  html: { cspNonce: 'BATON-STYLE-NONCE' },
  build: {
    outDir: 'dist/page',
    target: 'es2022',
    assetsInlineLimit: 0,
    // Small enough to be fetched with the rest, and the same for all.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
});
