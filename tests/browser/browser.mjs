// A real browser for tests of the page, with everything that would reach for a network of its own switched off.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../web/package.json');
const { chromium } = createRequire(web)('playwright-core');
const patience = 240000;  // ms; a busy machine is no failure

// A context with a fresh profile; `close` removes it again.
export async function openBrowser(viewport) {
  const profile = mkdtempSync(join(tmpdir(), 'stroma-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.STROMA_CHROMIUM ?? '/usr/bin/chromium', headless: true, viewport, acceptDownloads: true, timeout: patience,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  context.setDefaultTimeout(patience);
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
}

// Opens a report and waits until every figure is drawn. What it said and asked for is in `complaints` and `requests`.
export async function openReport(context, file) {
  const page = await context.newPage();
  const complaints = [], requests = [], url = pathToFileURL(resolve(file)).href;
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('request', (r) => { if (r.url() !== url && !/^(data|blob):/.test(r.url())) requests.push(r.url()); });
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector('html[data-drawn]');
  return { page, complaints, requests };
}
