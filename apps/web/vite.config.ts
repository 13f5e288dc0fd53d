import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Writes a brotli and a gzip file beside every text file, so that no request waits for compression. */
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

/** Puts the styles of the first page into its document, which saves a round trip before the first content. */
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

/** Adds the id of the build to every page: `<meta name="build">`. */
const buildId: Plugin = {
  name: 'build-id',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { name: 'build', content: process.env.BUILD_ID ?? 'development' }, injectTo: 'head' },
  ],
};

/** Makes the pages installable, and readable without network. Builds the service worker from src/sw.ts, with the list of the files that it stores. */
const offline = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'src',
  filename: 'sw.ts',
  injectRegister: false,
  includeManifestIcons: false,
  injectManifest: {
    // The service worker separates the files that only hosts and organisers need. The first visit adds its fonts (shared/offline/device-data.ts).
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

/** Returns the name pattern of a chunk. The chunks of hosts and organisers have the prefix `staff`, because attendees do not need them. */
function chunkName({ moduleIds }: { moduleIds: string[] }): string {
  const isStaff = moduleIds.some((id) => /\/shared\/(words\/staff|attendance\/|no-role)/.test(id));
  return isStaff ? 'assets/staff-[name]-[hash].js' : 'assets/[name]-[hash].js';
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), buildId, stylesInDocument(), offline, compressed()],
  // `npm run dev` serves the pages itself, and forwards all other requests to the API.
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
