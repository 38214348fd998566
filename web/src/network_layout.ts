// Where the nodes of the network stand: columns from ligand to fate, an order inside each column that crosses few
// edges, and heights close to the neighbours'. Layered drawing after Sugiyama, Tagawa and Toda (IEEE Trans. SMC 1981):
// ranks by longest path, virtual nodes on long edges, sweeps of barycentres, the best order kept.
import { textWidth } from './text_width';
import type { Layer, NetworkEdge, NetworkSpec } from './specification';

export const layers: Layer[] = ['ligand', 'receptor', 'signalling', 'gene', 'protein', 'process', 'fate'];
export const lineHeight = 14;
const padding = 10;
export const tagHeight = 15;
const rowGap = 11;
const virtualHeight = 7;
const columnGap = 36;  // so narrow that a screen holds the way from ligand to fate

export interface Box { id: string; x: number; y: number; width: number; height: number; body: number; lines: string[]; rank: number }
export interface Route { edge: NetworkEdge; points: { x: number; y: number }[]; back: boolean }
export interface Layout { width: number; height: number; boxes: Map<string, Box>; routes: Route[]; columns: { layer: Layer; left: number; right: number }[] }

interface Item { id: string; virtual: boolean; rank: number; width: number; height: number; x: number; y: number; left: Item[]; right: Item[]; index: number }

// A long label in two lines, broken at the space nearest to its middle.
export function labelLines(label: string): string[] {
  const spaces = [...label.matchAll(/ /g)].map((m) => m.index!);
  if (label.length <= 15 || !spaces.length) return [label];
  const at = spaces.reduce((a, b) => (Math.abs(b - label.length / 2) < Math.abs(a - label.length / 2) ? b : a));
  return [label.slice(0, at), label.slice(at + 1)];
}

// Genes, proteins and processes stand in one band: between them arrows run both ways.
const bandOf: Record<Layer, number> = { ligand: 0, receptor: 1, signalling: 2, gene: 3, protein: 3, process: 3, fate: 4 };

// Ranks inside each band by the longest path, after edges that close a cycle (found by depth-first search) are dropped;
// each band begins behind the one before it.
function rank(spec: NetworkSpec): Map<string, number> {
  const band = new Map(spec.nodes.map((n) => [n.id, bandOf[n.layer]]));
  const next = new Map<string, string[]>(spec.nodes.map((n) => [n.id, []]));
  for (const e of spec.edges)
    if (band.get(e.source) === band.get(e.target) && e.source !== e.target) next.get(e.source)!.push(e.target);
  const state = new Map<string, number>();
  const order: string[] = [];
  const kept = new Map<string, string[]>(spec.nodes.map((n) => [n.id, []]));
  const visit = (id: string): void => {
    state.set(id, 1);
    for (const to of next.get(id)!) {
      if (state.get(to) === 1) continue;
      kept.get(id)!.push(to);
      if (!state.has(to)) visit(to);
    }
    state.set(id, 2);
    order.push(id);
  };
  // Sources first, so that a cycle is cut at its way back.
  const fed = new Set([...next.values()].flat());
  for (const n of spec.nodes) if (!fed.has(n.id)) visit(n.id);
  for (const n of spec.nodes) if (!state.has(n.id)) visit(n.id);
  const depth = new Map<string, number>(spec.nodes.map((n) => [n.id, 0]));
  for (const id of order.reverse()) for (const to of kept.get(id)!) depth.set(to, Math.max(depth.get(to)!, depth.get(id)! + 1));

  const ranks = new Map<string, number>();
  let start = 0;
  for (let b = 0; b <= 4; ++b) {
    const members = spec.nodes.filter((n) => band.get(n.id) === b);
    if (members.length === 0) continue;
    for (const n of members) ranks.set(n.id, start + depth.get(n.id)!);
    start += Math.max(...members.map((n) => depth.get(n.id)!)) + 1;
  }
  return ranks;
}

function crossings(columns: Item[][]): number {
  let count = 0;
  for (const column of columns) {
    const ends = column.flatMap((a) => a.right.map((b) => [a.index, b.index] as const));
    for (let i = 0; i < ends.length; ++i)
      for (let j = i + 1; j < ends.length; ++j)
        if ((ends[i][0] - ends[j][0]) * (ends[i][1] - ends[j][1]) < 0) ++count;
  }
  return count;
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function reindex(column: Item[]): void {
  column.forEach((item, i) => (item.index = i));
}

// Sweeps of barycentres to the right and back, keeping the order with the fewest crossings.
function order(columns: Item[][]): void {
  columns.forEach(reindex);
  let best = columns.map((c) => [...c]);
  let fewest = crossings(columns);
  for (let sweep = 0; sweep < 40; ++sweep) {
    const right = sweep % 2 === 0;
    for (const column of right ? columns : [...columns].reverse()) {
      const key = new Map(column.map((item) => {
        const near = right ? item.left : item.right;
        return [item, near.length ? mean(near.map((n) => n.index + 0.5) ) : item.index + 0.5] as const;
      }));
      column.sort((a, b) => key.get(a)! - key.get(b)! || a.index - b.index);
      reindex(column);
    }
    const count = crossings(columns);
    if (count < fewest) {
      fewest = count;
      best = columns.map((c) => [...c]);
    }
  }
  best.forEach((column, i) => {
    columns[i].splice(0, column.length, ...column);
    reindex(columns[i]);
  });
}

// Heights: each item is drawn towards its neighbours' mean, and pushed apart in order (alternating from above and below).
function place(columns: Item[][]): number {
  const gap = (a: Item, b: Item): number => (a.height + b.height) / 2 + (a.virtual && b.virtual ? 2 : rowGap);
  for (const column of columns) {
    let y = 0;
    column.forEach((item, i) => {
      y += i ? gap(column[i - 1], item) : 0;
      item.y = y;
    });
  }
  const tallest = Math.max(...columns.map((c) => (c.length ? c[c.length - 1].y : 0)));
  for (const column of columns) {
    const shift = (tallest - (column.length ? column[column.length - 1].y : 0)) / 2;
    for (const item of column) item.y += shift;
  }
  for (let pass = 0; pass < 60; ++pass) {
    for (const column of pass % 2 ? columns : [...columns].reverse()) {
      const wish = column.map((item) => {
        const near = [...item.left, ...item.right];
        return near.length ? 0.4 * item.y + 0.6 * mean(near.map((n) => n.y)) : item.y;
      });
      const down = [...wish];
      for (let i = 1; i < column.length; ++i) down[i] = Math.max(wish[i], down[i - 1] + gap(column[i - 1], column[i]));
      const up = [...wish];
      for (let i = column.length - 2; i >= 0; --i) up[i] = Math.min(wish[i], up[i + 1] - gap(column[i], column[i + 1]));
      column.forEach((item, i) => (item.y = (down[i] + up[i]) / 2));
    }
  }
  const all = columns.flat();
  const top = Math.min(...all.map((i) => i.y - i.height / 2));
  for (const item of all) item.y -= top;
  return Math.max(...all.map((i) => i.y + i.height / 2));
}

export function layoutNetwork(spec: NetworkSpec, top: number, side: number): Layout {
  const ranks = rank(spec);
  const count = Math.max(...ranks.values()) + 1;
  const columns: Item[][] = Array.from({ length: count }, () => []);
  const items = new Map<string, Item>();
  const shapes = new Map<string, { lines: string[]; body: number }>();
  const tags = new Map<string, number>();
  for (const d of spec.drugs) tags.set(d.target, (tags.get(d.target) ?? 0) + 1);
  const add = (id: string, r: number, width: number, height: number, virtual: boolean): Item => {
    const item: Item = { id, virtual, rank: r, width, height, x: 0, y: 0, left: [], right: [], index: 0 };
    columns[r].push(item);
    return item;
  };
  for (const n of spec.nodes) {
    const lines = labelLines(n.label), body = padding + lineHeight * lines.length;
    // The reader's font may be a good deal wider than the table's.
    const width = Math.max(46, 1.14 * Math.max(...lines.map((l) => textWidth(l, 12, true))) + 16);
    shapes.set(n.id, { lines, body });
    items.set(n.id, add(n.id, ranks.get(n.id)!, width, body + tagHeight * (tags.get(n.id) ?? 0), false));
  }
  // Long edges get a virtual node in every column that they pass; edges backwards or inside a column get none.
  const passes = new Map<NetworkEdge, Item[]>();
  for (const e of spec.edges) {
    const a = items.get(e.source)!, b = items.get(e.target)!;
    if (b.rank <= a.rank) continue;
    const path: Item[] = [];
    let last = a;
    for (let r = a.rank + 1; r < b.rank; ++r) {
      const v = add(`${e.id}@${r}`, r, 0, virtualHeight, true);
      last.right.push(v);
      v.left.push(last);
      path.push(v);
      last = v;
    }
    last.right.push(b);
    b.left.push(last);
    passes.set(e, path);
  }
  order(columns);
  const height = place(columns);

  let x = side;
  const bounds: { left: number; right: number }[] = [];
  for (const column of columns) {
    const width = Math.max(...column.filter((i) => !i.virtual).map((i) => i.width), 40);
    for (const item of column) {
      item.x = x + width / 2;
      item.y += top;
    }
    bounds.push({ left: x, right: x + width });
    x += width + columnGap;
  }
  const boxes = new Map<string, Box>();
  for (const n of spec.nodes) {
    const i = items.get(n.id)!;
    boxes.set(n.id, { id: n.id, x: i.x, y: i.y, width: i.width, height: i.height, rank: i.rank, ...shapes.get(n.id)! });
  }
  const routes = spec.edges.map((edge): Route => {
    const a = boxes.get(edge.source)!, b = boxes.get(edge.target)!;
    const path = passes.get(edge);
    return { edge, back: !path, points: [{ x: a.x, y: a.y }, ...(path ?? []).flatMap((v) => [{ x: bounds[v.rank].left, y: v.y }, { x: bounds[v.rank].right, y: v.y }]), { x: b.x, y: b.y }] };
  });
  const groups: Layout['columns'] = [];
  for (let b = 0; b <= 4; ++b) {
    const members = spec.nodes.filter((n) => bandOf[n.layer] === b).map((n) => ranks.get(n.id)!);
    if (!members.length) continue;
    const layer = layers.find((l) => bandOf[l] === b)!;
    groups.push({ layer, left: bounds[Math.min(...members)].left, right: bounds[Math.max(...members)].right });
  }
  return { width: x - columnGap + side, height: height + top, boxes, routes, columns: groups };
}
