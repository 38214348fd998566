// node report.test.mjs REPORT.html: opens a report in Chromium at 1400 and at 400 px and checks what a reader relies on.
// Exits with 1 where a check failed.
import { readFileSync } from 'node:fs';
import { openBrowser, openReport } from './browser.mjs';

const report = process.argv[2];
if (!report) {
  console.error('usage: node report.test.mjs REPORT.html');
  process.exit(2);
}

let passed = 0, failed = 0;
function check(claim, holds, detail = '') {
  if (holds) ++passed;
  else ++failed;
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${claim}${holds || detail === '' ? '' : `: ${detail}`}`);
}
const list = (items) => items.slice(0, 5).join('; ');

// The alternative text of each figure as it stands in the file, before any script has run.
const written = new Map();
{
  const unescape = (text) => text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name]);
  for (const [, id, label] of readFileSync(report, 'utf8').matchAll(/data-figure="([^"]*)"[^>]*aria-label="([^"]*)"/g)) written.set(unescape(id), unescape(label));
}

async function checkFigures(page, at) {
  const plots = await page.locator('[data-figure]').all();
  check(`${at} there are figures`, plots.length > 0);
  const bare = [], unnamed = [], unseen = [], away = [], renamed = [];
  for (const plot of plots) {
    const id = await plot.getAttribute('data-figure');
    const marks = await plot.evaluate((p) => {
      const drawn = [...p.querySelectorAll('svg path, svg line, svg rect, svg text')];
      return { count: drawn.filter((e) => { const b = e.getBBox(); return b.width > 0 || b.height > 0; }).length,
               bad: drawn.some((e) => /NaN|undefined|Infinity/.test((e.getAttribute('d') ?? '') + (e.getAttribute('transform') ?? '') + e.textContent)) };
    });
    // What the reader sees before scrolling the figure: a drawing, and a canvas of a size that can be looked at.
    const shown = await plot.evaluate((p) => {
      const box = p.getBoundingClientRect(), svg = p.querySelector('svg');
      const inside = [...svg.querySelectorAll('path, line, rect, text')].filter((e) => { const b = e.getBoundingClientRect(); return b.width + b.height > 0 && b.width < 1200 && b.left < box.right && b.right > box.left && b.top < box.bottom && b.bottom > box.top; });
      return { marks: inside.length, width: svg.getBoundingClientRect().width, height: svg.getBoundingClientRect().height };
    });
    if (shown.marks < 8 || shown.width > 6000 || shown.height > 6000) away.push(`${id} (${shown.marks} marks in sight, ${Math.round(shown.width)} x ${Math.round(shown.height)} px)`);
    if (marks.count < 8 || marks.bad) bare.push(`${id} (${marks.count} marks${marks.bad ? ', some not finite' : ''})`);
    // After drawing, it must still be what the page was written with: the renderer has names of its own.
    const alternative = (await plot.getAttribute('aria-label')) ?? '';
    if (alternative.length < 10) unnamed.push(id);
    if (alternative !== written.get(id)) renamed.push(`${id} ("${alternative}")`);
    const figure = page.locator(`#fig-${id}`);
    if ((await figure.locator('.see').innerText()).trim().length < 10) unseen.push(id);
  }
  check(`${at} every figure has a drawing with marks and finite numbers`, bare.length === 0, list(bare));
  check(`${at} every figure can be seen without searching for it`, away.length === 0, list(away));
  check(`${at} every figure has alternative text`, unnamed.length === 0, list(unnamed));
  check(`${at} the alternative text is that of the page, not of the renderer`, renamed.length === 0, list(renamed));
  check(`${at} every figure says in a sentence what to see`, unseen.length === 0, list(unseen));
}

async function checkLayout(page, at) {
  const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
  check(`${at} the page does not scroll sideways`, scroll <= client, `${scroll} > ${client} px`);
  const out = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((e) => !e.closest('.plot, .scroll, .hidden, [hidden]') && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((e) => e.tagName + (e.id ? `#${e.id}` : '')));
  check(`${at} nothing but figures and tables reaches past the edge`, out.length === 0, list(out));
  const cut = await page.evaluate(() => [...document.querySelectorAll('.plot, .scroll')].filter((e) => e.scrollWidth > e.clientWidth + 1 && (getComputedStyle(e).overflowX !== 'auto' || e.tabIndex !== 0)).length);
  check(`${at} whatever is wider scrolls in its own box, by keyboard too`, cut === 0, `${cut} boxes`);
  const small = await page.evaluate(() => [...document.querySelectorAll('.plot svg')].flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.width.baseVal.value;
    return [...svg.querySelectorAll('text')].filter((t) => parseFloat(getComputedStyle(t).fontSize) * scale < 8).map((t) => t.textContent);
  }));
  check(`${at} no text of a figure is smaller than 8 px`, small.length === 0, list(small));
}

async function checkPictures(page, at) {
  const pictures = await page.locator('.pictures img').evaluateAll((all) => all.map((e) => ({ width: e.naturalWidth, wide: e.getBoundingClientRect().width, alt: e.alt, caption: e.nextElementSibling?.textContent ?? '' })));
  if (!pictures.length) return;
  check(`${at} each of ${pictures.length} pictures is decoded and large enough to be seen`, pictures.every((p) => p.width > 0 && p.wide >= 150));
  check(`${at} every picture has alternative text and a caption`, pictures.every((p) => p.alt.length >= 10 && p.caption.trim() !== ''));
  const bare = await page.locator('.legend li').evaluateAll((all) => all.filter((e) => !/^rgb/.test(getComputedStyle(e.querySelector('i')).backgroundColor) || getComputedStyle(e.querySelector('i')).backgroundColor === 'rgba(0, 0, 0, 0)' || !e.textContent.trim()).length);
  check(`${at} every colour of a legend is shown and named`, bare === 0, `${bare} entries`);
}

async function checkTables(page, at) {
  const bad = await page.evaluate(() => [...document.querySelectorAll('table')].filter((t) => !t.querySelector('thead th[scope=col]') || [...t.querySelectorAll('tbody tr')].some((r) => !r.querySelector('th[scope=row]'))).length);
  check(`${at} every table names its rows and columns`, bad === 0, `${bad} tables`);
  const broken = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).map((a) => a.hash));
  check(`${at} every link inside the page leads somewhere`, broken.length === 0, list(broken));
  const ids = await page.evaluate(() => { const all = [...document.querySelectorAll('[id]')].map((e) => e.id); return all.filter((id, i) => all.indexOf(id) !== i); });
  check(`${at} no id is used twice`, ids.length === 0, list(ids));
}

async function checkFindings(page, at) {
  if (!(await page.locator('table.findings').count())) return;
  const verdicts = await page.locator('table.findings .verdict').allInnerTexts();
  check(`${at} every verdict has a word and a mark`, verdicts.length > 0 && verdicts.every((v) => /^[✓✗?]\s*(reproduced|contradicted|inconclusive)$/.test(v.trim())), list(verdicts));
  const decided = await page.locator('table.findings tbody tr td .verdict').first().evaluate((e) => e.getBoundingClientRect().right <= e.closest('.scroll').getBoundingClientRect().right);
  check(`${at} the verdict of a finding is seen without scrolling sideways`, decided);
  const forest = await page.locator('[data-figure="findings"]').evaluateAll((all) => all.map((e) => [e.scrollWidth, e.clientWidth]));
  check(`${at} the forest plot shows both halves`, forest.every(([scroll, client]) => scroll <= client + 1), JSON.stringify(forest));
  const rows = await page.locator('table.findings tbody tr').count();
  const counts = await page.locator('table.counts tbody tr').evaluateAll((trs) => trs.map((tr) => ({ name: tr.querySelector('th').innerText, total: Number(tr.querySelectorAll('td')[3].innerText) })));
  const smallest = Math.min(...counts.map((c) => Number(c.name.match(/= (\d+)/)[1])));
  const counted = counts.filter((c) => c.name.endsWith(`= ${smallest}`)).reduce((a, c) => a + c.total, 0);
  check(`${at} the counts at the top add up to the table`, counted === rows, `${counted} counted, ${rows} rows`);
}

// Chromium drops the downloads of a page that starts more than ten within a second; no reader clicks as fast.
const downloadPause = 150;  // ms

async function checkDownloads(page, at) {
  const wrong = [];
  for (const kind of ['svg', 'csv', 'table']) {
    for (const button of await page.locator(`button[data-${kind}]`).all()) {
      await page.waitForTimeout(downloadPause);
      const id = await button.getAttribute(`data-${kind}`);
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
      const text = readFileSync(await download.path(), 'utf8');
      const name = `${id}.${kind === 'svg' ? 'svg' : 'csv'}`;
      if (download.suggestedFilename() !== name) wrong.push(`${name} is called ${download.suggestedFilename()}`);
      if (kind === 'svg' ? !/<svg[\s\S]*<(path|rect)[\s\S]*<\/svg>\s*$/.test(text) || /<script|<foreignObject/.test(text) : text.split('\n').length < 2 || !text.includes(',')) wrong.push(name);
    }
  }
  check(`${at} every figure and table can be saved as SVG or CSV`, wrong.length === 0, list(wrong));
  const unsaved = [];
  for (const div of await page.locator('.pictures > div').all()) {
    await page.waitForTimeout(downloadPause);
    const button = div.locator('button[data-png]');
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    const name = `${await button.getAttribute('data-png')}.png`;
    const shown = Buffer.from((await div.locator('img').getAttribute('src')).split(',')[1], 'base64');
    if (download.suggestedFilename() !== name || !readFileSync(await download.path()).equals(shown)) unsaved.push(name);
  }
  check(`${at} every picture can be saved as PNG`, unsaved.length === 0, list(unsaved));
}

async function checkNetwork(page, at) {
  const edges = page.locator('svg.network .edge');
  const count = await edges.count();
  if (!count) return;
  const seen = await edges.first().evaluate((e) => { const p = e.closest('.plot'); return p.scrollLeft + p.clientWidth >= p.scrollWidth - 2; });
  check(`${at} the network opens with the fates in sight`, seen);
  const tip = page.locator('#tip');
  const untold = [];
  for (let i = 0; i < count; ++i) {
    await edges.nth(i).focus();
    const text = (await tip.isVisible()) ? await tip.innerText() : '';
    if (!/Source: \S+/.test(text)) untold.push(await edges.nth(i).getAttribute('aria-label'));
  }
  check(`${at} each of ${count} arrows of the network tells its source on focus`, untold.length === 0, list(untold));
  await page.keyboard.press('Escape');
  check(`${at} Escape hides the tooltip`, !(await tip.isVisible()));
  await page.mouse.move(1, 1);
  const reach = edges.first().locator('.reach');
  await reach.evaluate((e) => e.scrollIntoView({ block: 'center', inline: 'center' }));
  await page.waitForTimeout(200);
  const point = await reach.evaluate((e) => { const p = e.getPointAtLength(e.getTotalLength() / 2), m = e.getScreenCTM(); return { x: p.x * m.a + m.e, y: p.y * m.d + m.f }; });
  await page.mouse.move(point.x, point.y);
  check(`${at} hovering over an arrow tells its source`, /Source: \S+/.test((await tip.isVisible()) ? await tip.innerText() : ''));
  const heads = await page.evaluate(() => { const shapes = (effect) => new Set([...document.querySelectorAll(`svg.network .edge.${effect} > g > path`)].map((p) => p.getAttribute('d'))); return { activates: [...shapes('activates')], inhibits: [...shapes('inhibits')] }; });
  check(`${at} activation and inhibition end in different heads`, !heads.activates.some((d) => heads.inhibits.includes(d)));
}

async function checkCopy(page, context, at) {
  const button = page.locator('button[data-copy]');
  if (!(await button.count())) return;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
  await button.click();
  await page.waitForFunction(() => document.getElementById('copied').textContent !== '');
  check(`${at} the methods can be copied`, (await page.locator('#copied').innerText()) === 'Copied.');
}

for (const width of [1400, 400]) {
  const at = `${width} px:`;
  const { context, close } = await openBrowser({ width, height: 900 });
  try {
    const { page, complaints, requests } = await openReport(context, report);
    await checkFigures(page, at);
    await checkLayout(page, at);
    await checkPictures(page, at);
    await checkTables(page, at);
    await checkFindings(page, at);
    await checkNetwork(page, at);
    await checkDownloads(page, at);
    await checkCopy(page, context, at);
    check(`${at} nothing in the page was taken for markup`, (await page.locator('main b:text-is("bold"), nav b').count()) === 0);
    check(`${at} the console is silent`, complaints.length === 0, list(complaints));
    check(`${at} nothing is requested`, requests.length === 0, list(requests));
  } catch (error) {
    check(`${at} the page can be used`, false, error.message);
  } finally {
    await close();
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
