// The network as SVG text: the same in the page, in the download and in figures/. Activation ends in an arrowhead,
// inhibition in a bar; they differ in colour and dash as well. Thickness is the weight. Every arrow carries its source as
// its accessible name.
import { layoutNetwork, lineHeight, tagHeight, type Box, type Layout, type Route } from './network_layout';
import type { Layer, NetworkDrug, NetworkEdge, NetworkSpec } from './specification';
import { textWidth } from './text_width';

const ink = { activates: '#0072b2', inhibits: '#c04a00' };
const drugInk = '#8c3f6c';
const fills: Record<Layer, [string, string]> = {
  ligand: ['#fdf3d7', '#b98500'], receptor: ['#e3f1fa', '#3b8cc0'], signalling: ['#f2f2f2', '#808080'], gene: ['#e2f3ec', '#1d8a68'],
  protein: ['#e2f3ec', '#1d8a68'], process: ['#f6e6ef', '#a8648c'], fate: ['#fbe3d6', '#c04a00'],
};
const titles: Record<Layer, string> = {
  ligand: 'ligands', receptor: 'receptors', signalling: 'signalling', gene: 'genes, proteins, processes', protein: 'proteins', process: 'processes', fate: 'fate',
};
const font = "Helvetica, Arial, 'Liberation Sans', sans-serif";
const top = 74, side = 26;

export const escapeXml = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const f = (v: number): string => v.toFixed(1);
const strokeWidth = (weight: number): number => 0.8 + 2.2 * Math.max(0, Math.min(1, weight));

export function describeEdge(edge: NetworkEdge, name: (id: string) => string): string {
  const grade = edge.grade ? `, evidence ${edge.grade}` : '';
  return `${name(edge.source)} ${edge.effect} ${name(edge.target)} (${edge.id}, weight ${edge.weight}${grade}). Source: ${edge.reference}${edge.note ? `. ${edge.note}` : ''}`;
}

export function describeDrug(drug: NetworkDrug, name: (id: string) => string): string {
  return `${drug.drug} inhibits ${name(drug.target)} (${[drug.id, drug.potency, drug.grade && `evidence ${drug.grade}`].filter(Boolean).join(', ')}). Source: ${drug.reference}`;
}

// Where edges touch a box: spread over its side, in the order of the other ends, so that they do not merge early.
function ports(layout: Layout): Map<Route, { from: number; to: number }> {
  const result = new Map<Route, { from: number; to: number }>(layout.routes.map((r) => [r, { from: 0, to: 0 }]));
  for (const box of layout.boxes.values()) {
    const spread = (routes: Route[], end: 'from' | 'to', other: (r: Route) => number): void => {
      routes.sort((a, b) => other(a) - other(b));
      const room = Math.min(box.body - 8, 5 * (routes.length - 1));
      routes.forEach((r, i) => (result.get(r)![end] = routes.length > 1 ? (i / (routes.length - 1) - 0.5) * room : 0));
    };
    const forward = layout.routes.filter((r) => !r.back);
    spread(forward.filter((r) => r.edge.source === box.id), 'from', (r) => r.points[1].y);
    spread(forward.filter((r) => r.edge.target === box.id), 'to', (r) => r.points[r.points.length - 2].y);
  }
  return result;
}

const faceY = (box: Box): number => box.y - box.height / 2 + box.body / 2;

function forwardPath(route: Route, layout: Layout, port: { from: number; to: number }): { d: string; end: [number, number, number] } {
  const a = layout.boxes.get(route.edge.source)!, b = layout.boxes.get(route.edge.target)!;
  const start = { x: a.x + a.width / 2, y: faceY(a) + port.from };
  const end = { x: b.x - b.width / 2 - 7, y: faceY(b) + port.to };
  const via = [start, ...route.points.slice(1, -1), end];
  let d = `M${f(start.x)},${f(start.y)}`;
  for (let i = 1; i < via.length; ++i) {
    const p = via[i - 1], q = via[i], bend = Math.max(12, (q.x - p.x) * 0.5);
    d += p.y === q.y && i < via.length - 1 ? `L${f(q.x)},${f(q.y)}` : `C${f(p.x + bend)},${f(p.y)} ${f(q.x - bend)},${f(q.y)} ${f(q.x)},${f(q.y)}`;
  }
  return { d, end: [end.x, end.y, 0] };
}

// Inside a column an edge swings out to the right; a feedback to an earlier column runs over the boxes' tops.
function backPath(route: Route, layout: Layout): { d: string; end: [number, number, number] } {
  const a = layout.boxes.get(route.edge.source)!, b = layout.boxes.get(route.edge.target)!;
  if (a === b) {
    const x = a.x + a.width / 2, y = faceY(a);
    return { d: `M${f(x)},${f(y - 5)}C${f(x + 30)},${f(y - 22)} ${f(x + 30)},${f(y + 22)} ${f(x + 7)},${f(y + 6)}`, end: [x + 7, y + 6, 200] };
  }
  if (a.rank === b.rank) {
    const x1 = a.x + a.width / 2, x2 = b.x + b.width / 2 + 7, out = Math.max(x1, x2) + 22 + Math.abs(a.y - b.y) * 0.12;
    return { d: `M${f(x1)},${f(faceY(a))}C${f(out)},${f(faceY(a))} ${f(out)},${f(faceY(b))} ${f(x2)},${f(faceY(b))}`, end: [x2, faceY(b), 180] };
  }
  const below = faceY(b) > faceY(a);
  const y1 = a.y + ((below ? 1 : -1) * a.height) / 2, y2 = b.y + ((below ? -1 : 1) * (b.height / 2 + 7)), x1 = a.x - a.width * 0.2, x2 = b.x + b.width * 0.2;
  const swing = Math.max(26, Math.abs(y2 - y1) * 0.45) * (below ? 1 : -1);
  return { d: `M${f(x1)},${f(y1)}C${f(x1)},${f(y1 + swing)} ${f(x2)},${f(y2 - swing)} ${f(x2)},${f(y2)}`, end: [x2, y2, below ? 90 : -90] };
}

function head(effect: NetworkEdge['effect'], [x, y, angle]: [number, number, number], weight: number): string {
  const s = 0.75 + 0.45 * Math.max(0, Math.min(1, weight));
  const shape = effect === 'activates' ? `<path d="M-1,-4.2L7,0L-1,4.2Z" fill="${ink.activates}"/>` : `<path d="M3,-5.5V5.5" stroke="${ink.inhibits}" stroke-width="2.4" fill="none"/><path d="M-1,0H3" stroke="${ink.inhibits}" stroke-width="1.6"/>`;
  return `<g transform="translate(${f(x)},${f(y)}) rotate(${angle}) scale(${s.toFixed(2)})">${shape}</g>`;
}

function edgeSvg(route: Route, layout: Layout, port: { from: number; to: number }, name: (id: string) => string): string {
  const { edge } = route;
  const { d, end } = route.back ? backPath(route, layout) : forwardPath(route, layout, port);
  const dash = edge.effect === 'inhibits' ? ' stroke-dasharray="5 3"' : '';
  return `<g class="edge ${edge.effect}" data-source="${escapeXml(edge.source)}" data-target="${escapeXml(edge.target)}" tabindex="0" role="img"><title>${escapeXml(describeEdge(edge, name))}</title>` +
    `<path class="reach" d="${d}" fill="none" stroke="transparent" stroke-width="11"/>` +
    `<path class="line" d="${d}" fill="none" stroke="${ink[edge.effect]}" stroke-opacity="0.72" stroke-width="${strokeWidth(edge.weight).toFixed(2)}"${dash}/>${head(edge.effect, end, edge.weight)}</g>`;
}

function nodeSvg(box: Box, spec: NetworkSpec, name: (id: string) => string): string {
  const node = spec.nodes.find((n) => n.id === box.id)!;
  const [fill, stroke] = fills[node.layer];
  const x = box.x - box.width / 2, y = box.y - box.height / 2;
  const radius = { ligand: 12, receptor: 3, signalling: 7, gene: 0, protein: 7, process: 12, fate: 3 }[node.layer];
  const dash = node.layer === 'gene' ? ' stroke-dasharray="4 2"' : '';
  const note = `${node.label}: ${node.layer}${node.note ? `. ${node.note}` : ''}`;
  const drugs = spec.drugs.filter((d) => d.target === box.id).map((drug, i) => {
    const cy = y + box.body + 3 + tagHeight * i, width = textWidth(drug.drug, 10) + 22;
    return `<g class="drug" tabindex="0" role="img"><title>${escapeXml(describeDrug(drug, name))}</title><rect x="${f(box.x - width / 2)}" y="${f(cy)}" width="${f(width)}" height="12.5" rx="6" fill="${drugInk}"/>` +
      `<text x="${f(box.x)}" y="${f(cy + 9.4)}" font-size="10" fill="#ffffff" text-anchor="middle">⊣ ${escapeXml(drug.drug)}</text></g>`;
  });
  return `<g class="node ${node.layer}" data-node="${escapeXml(node.id)}" tabindex="0" role="img"><title>${escapeXml(note)}</title><rect x="${f(x)}" y="${f(y)}" width="${f(box.width)}" height="${box.body}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1.3"${dash}/>` +
    `<text font-size="12" font-weight="600" fill="#1a1a1a" text-anchor="middle">${box.lines.map((line, i) => `<tspan x="${f(box.x)}" y="${f(y + 16.2 + lineHeight * i)}">${escapeXml(line)}</tspan>`).join('')}</text></g>${drugs.join('')}`;
}

function legend(): string {
  const line = (x: number, effect: NetworkEdge['effect'], text: string): string =>
    `<path d="M${x},16H${x + 34}" stroke="${ink[effect]}" stroke-width="2" ${effect === 'inhibits' ? 'stroke-dasharray="5 3"' : ''}/>${head(effect, [x + 34, 16, 0], 0.6)}<text x="${x + 48}" y="20" font-size="11.5" fill="#222">${text}</text>`;
  return `<g class="legend">${line(side, 'activates', 'activates')}${line(side + 124, 'inhibits', 'inhibits')}` +
    `<path d="M${side + 238},16h22" stroke="#666" stroke-width="${strokeWidth(0.1)}"/><path d="M${side + 264},16h22" stroke="#666" stroke-width="${strokeWidth(1)}"/><text x="${side + 294}" y="20" font-size="11.5" fill="#222">weight 0.1, 1</text>` +
    `<rect x="${side + 390}" y="9.5" width="52" height="12.5" rx="6" fill="${drugInk}"/><text x="${side + 416}" y="19" font-size="10" fill="#fff" text-anchor="middle">⊣ drug</text><text x="${side + 450}" y="20" font-size="11.5" fill="#222">acts on the node above it</text></g>`;
}

// The whole drawing. `standalone` adds what a file needs and the page must not have.
export function networkSvg(spec: NetworkSpec, standalone: boolean): string {
  const layout = layoutNetwork(spec, top, side);
  const labels = new Map(spec.nodes.map((n) => [n.id, n.label]));
  const name = (id: string): string => labels.get(id) ?? id;
  const port = ports(layout);
  const width = Math.max(layout.width, 700), height = layout.height + 20;
  const bands = layout.columns.map((c, i) => `<rect x="${f(c.left - 14)}" y="38" width="${f(c.right - c.left + 28)}" height="${f(height - 46)}" rx="8" fill="${i % 2 ? '#ffffff' : '#f8f8f6'}" stroke="#ececea"/>` +
    `<text x="${f((c.left + c.right) / 2)}" y="56" font-size="11" fill="#666" text-anchor="middle" letter-spacing="0.4">${titles[c.layer]}</text>`).join('');
  const edges = [...layout.routes].sort((a, b) => a.edge.weight - b.edge.weight).map((r) => edgeSvg(r, layout, port.get(r)!, name)).join('\n');
  const nodes = [...layout.boxes.values()].map((b) => nodeSvg(b, spec, name)).join('\n');
  const head_ = standalone ? '<?xml version="1.0" encoding="utf-8"?>\n' : '';
  return `${head_}<svg xmlns="http://www.w3.org/2000/svg" class="network" width="${f(width)}" height="${f(height)}" viewBox="0 0 ${f(width)} ${f(height)}" font-family="${font}">` +
    `<rect width="100%" height="100%" fill="#ffffff"/>${bands}${legend()}<g class="edges">${edges}</g><g class="nodes">${nodes}</g></svg>`;
}
