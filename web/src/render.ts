// node render.cjs FIGURES.jsonl FOLDER: draws each line {"id", "spec"} into FOLDER/<id>.svg, with the code that draws the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vega from 'vega';
import { networkSvg } from './network_svg';
import { isNetwork, type Figure } from './specification';
import { textWidth } from './text_width';
import { toSvg } from './vega_figure';

// There is no canvas here: text is measured by a table of widths.
const metrics = (vega as unknown as { textMetrics: { canvas(on: boolean): void; width(item: { fontSize?: number; fontWeight?: string | number }, text: string): number } }).textMetrics;
metrics.canvas(false);
metrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? 11, Number(item.fontWeight) >= 600 || item.fontWeight === 'bold');

async function main(input: string, folder: string): Promise<void> {
  for (const line of readFileSync(input, 'utf8').split('\n')) {
    if (!line.trim()) continue;
    const { id, spec } = JSON.parse(line) as Figure;
    try {
      writeFileSync(join(folder, `${id}.svg`), isNetwork(spec) ? networkSvg(spec, true) : await toSvg(spec));
    } catch (error) {
      throw new Error(`figure ${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const [input, folder] = process.argv.slice(2);
if (!input || !folder) {
  console.error('usage: node render.cjs FIGURES.jsonl FOLDER');
  process.exitCode = 2;
} else {
  main(input, folder).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
