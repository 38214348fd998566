// node readme_picture.mjs REPORT.html PICTURE.png: the picture of the README, the upper part of the main study's report.
import { openBrowser, openReport } from './browser.mjs';

const [report, picture] = process.argv.slice(2);
const { context, close } = await openBrowser({ width: 1400, height: 1100 });
const { page } = await openReport(context, report);
await page.screenshot({ path: picture });
await close();
