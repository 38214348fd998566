// node - < render.cjs 3< FIGURES 4> DRAWINGS 5< READY: waits until READY ends, then draws each line {"id", "spec"} with the code that draws the page, and answers with a line
// {"id", "svg"} or {"id", "error"}. Open files and no names: nothing is left in any folder, however the program ends.
import { readFileSync, writeFileSync } from 'node:fs';
import * as vega from 'vega';
import { networkSvg } from './network_svg';
import { isNetwork, type Figure } from './specification';
import { textWidth } from './text_width';
import { toSvg } from './vega_figure';

const figuresIn = 3, drawingsOut = 4, ready = 5;

// There is no canvas here: text is measured by a table of widths.
const metrics = (vega as unknown as { textMetrics: { canvas(on: boolean): void; width(item: { fontSize?: number; fontWeight?: string | number }, text: string): number } }).textMetrics;
metrics.canvas(false);
metrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? 11, Number(item.fontWeight) >= 600 || item.fontWeight === 'bold');

// A figure that cannot be drawn costs itself and no other.
async function main(): Promise<void> {
  readFileSync(ready);
  for (const line of readFileSync(figuresIn, 'utf8').split('\n')) {
    if (!line.trim()) continue;
    const { id, spec } = JSON.parse(line) as Figure;
    let drawn: { svg: string } | { error: string };
    try {
      drawn = { svg: isNetwork(spec) ? networkSvg(spec, true) : await toSvg(spec) };
    } catch (error) {
      drawn = { error: error instanceof Error ? error.message : String(error) };
    }
    writeFileSync(drawingsOut, `${JSON.stringify({ id, ...drawn })}\n`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
