// Bundles the front end: node build.mjs [FOLDER], "dist" by default.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'dist');
mkdirSync(out, { recursive: true });

const common = { bundle: true, minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'warning', absWorkingDir: here };
await Promise.all([
  build({ ...common, entryPoints: ['src/main.ts'], outfile: join(out, 'report.js'), format: 'iife', target: 'es2020' }),
  // Vega's browser build: it asks for no native module and falls back to our text metrics where there is no canvas.
  build({ ...common, entryPoints: ['src/render.ts'], outfile: join(out, 'render.cjs'), format: 'cjs', target: 'node18',
          platform: 'browser', external: ['node:*'] }),
  build({ ...common, entryPoints: ['src/report.css'], outfile: join(out, 'report.css') }),
]);
copyFileSync(join(here, 'src/template.html'), join(out, 'template.html'));
