// node screenshots.mjs REPORT.html FOLDER: the page and each of its parts as PNG at both widths, for looking at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openReport } from './browser.mjs';

const [report, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const width of [1400, 400]) {
  const { context, close } = await openBrowser({ width, height: 900 });
  const { page } = await openReport(context, report);
  await page.screenshot({ path: join(folder, `${width}-top.png`) });
  for (const part of await page.locator('figure, section.table, #methods, #run').all())
    await part.screenshot({ path: join(folder, `${width}-${await part.getAttribute('id')}.png`) });
  await close();
}
