// Draws the figures of the page and serves its buttons. All data is in the page; nothing is requested.
import type * as vega from 'vega';
import { networkSvg } from './network_svg';
import { fittingColumns, isNetwork, withColumns, type Figure, type ReportData } from './specification';
import { adoptTitles, serveTooltips } from './tooltip';
import { draw, toSvg } from './vega_figure';

const data = JSON.parse(document.getElementById('report-data')!.textContent!) as ReportData;
const figures = new Map(data.figures.map((f) => [f.id, f]));
const tables = new Map(data.tables.map((t) => [t.id, t]));
const views = new Map<string, { columns: number; view?: vega.View }>();

// Draws a figure where it is not yet drawn with as many columns as fit.
async function drawFigure(figure: Figure, plot: HTMLElement): Promise<void> {
  const columns = isNetwork(figure.spec) ? 1 : fittingColumns(figure.spec, plot.clientWidth);
  const drawn = views.get(figure.id);
  if (drawn?.columns === columns) return;
  drawn?.view?.finalize();
  plot.replaceChildren();
  if (isNetwork(figure.spec)) {
    plot.innerHTML = networkSvg(figure.spec, false);
    adoptTitles(plot);
    fitNetwork(plot);
    views.set(figure.id, { columns });
  } else {
    views.set(figure.id, { columns, view: await draw(withColumns(figure.spec, columns), plot) });
  }
  markScrollable(plot);
  if (isNetwork(figure.spec)) plot.scrollLeft = plot.scrollWidth;
}

// On a wide screen the whole way from ligand to fate is to be seen at once: the network shrinks to what fits, as far as
// its letters can still be read. Where that is not far enough it keeps its size, scrolls, and opens at the fates: what
// becomes of the cells is to be seen first, and what leads there lies to the left.
function fitNetwork(plot: HTMLElement): void {
  const least = 0.8, svg = plot.querySelector('svg'), width = Number(svg?.getAttribute('width'));
  const scale = plot.clientWidth / width;
  if (!svg || !(scale < 1) || scale < least) return;
  svg.style.width = '100%';
  svg.style.height = 'auto';
}

function markScrollable(element: HTMLElement): void {
  element.classList.toggle('wide', element.scrollWidth > element.clientWidth + 1);
}

async function drawAll(): Promise<void> {
  for (const plot of Array.from(document.querySelectorAll<HTMLElement>('[data-figure]'))) {
    const figure = figures.get(plot.dataset.figure!);
    if (!figure) continue;
    try {
      await drawFigure(figure, plot);
    } catch (error) {
      plot.textContent = `This figure could not be drawn (${error instanceof Error ? error.message : String(error)}). Its data is in the CSV below.`;
      console.error(`figure ${figure.id}:`, error);
    }
    await new Promise((resolve) => setTimeout(resolve));  // let the page answer between figures
  }
  document.querySelectorAll<HTMLElement>('.scroll').forEach(markScrollable);
  document.documentElement.dataset.drawn = 'true';
}

function follow(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  follow(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// A byte-order mark, so that spreadsheets read the CSV as UTF-8.
const saveCsv = (name: string, csv: string): void => save(`${name}.csv`, 'text/csv;charset=utf-8', `\ufeff${csv}`);

async function saveSvg(figure: Figure): Promise<void> {
  save(`${figure.id}.svg`, 'image/svg+xml', isNetwork(figure.spec) ? networkSvg(figure.spec, true) : await toSvg(figure.spec));
}

async function copy(source: HTMLElement): Promise<void> {
  const text = Array.from(source.querySelectorAll('p'), (p) => p.textContent ?? '').join('\n\n');
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages opened from a file may not have the clipboard; a selection does as well.
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection()!;
    selection.removeAllRanges();
    selection.addRange(range);
    document.execCommand('copy');
  }
  document.getElementById('copied')!.textContent = 'Copied.';
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button') : null;
  if (!button) return;
  const { svg, csv, table, png, copy: copied } = button.dataset;
  if (svg) void saveSvg(figures.get(svg)!);
  else if (csv) saveCsv(csv, figures.get(csv)!.csv);
  else if (table) saveCsv(table, tables.get(table)!.csv);
  else if (png) follow(button.closest('div')!.querySelector('img')!.src, `${png}.png`);
  else if (copied) void copy(document.getElementById(copied)!);
});

// The contents show where the reader is; on a narrow page they are folded away.
function serveContents(): void {
  const links = new Map(Array.from(document.querySelectorAll<HTMLAnchorElement>('#contents a'), (a) => [a.hash.slice(1), a]));
  const narrow = matchMedia('(max-width: 1000px)');
  const fold = (): void => { document.querySelector<HTMLDetailsElement>('#contents details')!.open = !narrow.matches; };
  narrow.addEventListener('change', fold);
  fold();
  const seen = new Set<string>();
  const observer = new IntersectionObserver((entries) => {
    for (const e of entries) e.isIntersecting ? seen.add(e.target.id) : seen.delete(e.target.id);
    const here = [...links.keys()].filter((id) => seen.has(id)).pop();
    links.forEach((a, id) => (id === here ? a.setAttribute('aria-current', 'true') : a.removeAttribute('aria-current')));
  }, { rootMargin: '0px 0px -55% 0px' });
  links.forEach((_, id) => { const target = document.getElementById(id); if (target) observer.observe(target); });
}

serveTooltips(document.getElementById('tip')!);
serveContents();
void drawAll();
let resizing = 0;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = window.setTimeout(() => void drawAll(), 150);
});
