import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Beside every text file its brotli and gzip forms, so that no request waits for a compressor. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          if (!/\.(js|css|html|svg|wasm|webmanifest)$/.test(name)) continue;
          const file = path.join(folder, name);
          const bytes = readFileSync(file);
          writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
          writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
        }
      },
    },
  };
}

/** The styles of the first page within its document: a phone far from the server sees the first content a round trip earlier. */
function stylesInDocument(): Plugin {
  return {
    name: 'styles-in-document',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        return html.replace(/<link rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/g, (link, name: string) => {
          const file = bundle?.[name];
          return file?.type === 'asset' ? `<style>${String(file.source)}</style>` : link;
        });
      },
    },
  };
}

/** The id of the build, on every page: `<meta name="build">`. */
const buildId: Plugin = {
  name: 'build-id',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { name: 'build', content: process.env.BUILD_ID ?? 'development' }, injectTo: 'head' },
  ],
};

/** Installable, and readable without network: the service worker is src/sw.ts, with the list of the files it keeps. */
const offline = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'src',
  filename: 'sw.ts',
  injectRegister: false,
  includeManifestIcons: false,
  injectManifest: {
    // The service worker sorts out what only hosts and organisers need. The first visit adds the fonts that it used (shared/offline/kept.ts).
    globPatterns: ['index.html', 'icon.svg', 'assets/*.{js,css}'],
  },
  manifest: {
    name: 'Comptoir',
    short_name: 'Comptoir',
    description: 'Votre place à table : le programme, votre plan, vos billets.',
    lang: 'fr',
    start_url: '/me',
    id: '/',
    display: 'standalone',
    background_color: '#fbf7ef',
    theme_color: '#fbf7ef',
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
});

/** Chunks that hosts and organisers share have a name of their own: no attendee needs them. */
function chunkName({ moduleIds }: { moduleIds: string[] }): string {
  const isStaff = moduleIds.some((id) => /\/shared\/(words\/staff|attendance\/|no-role)/.test(id));
  return isStaff ? 'assets/staff-[name]-[hash].js' : 'assets/[name]-[hash].js';
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), buildId, stylesInDocument(), offline, compressed()],
  // `npm run dev` serves the pages itself, and asks the API for everything else.
  server: { proxy: { '^/(api|board|health)(/|$)': process.env.API_URL ?? 'http://localhost:3000' } },
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { chunkFileNames: chunkName } },
    assetsInlineLimit: 0,
  },
});
