// What the page is given for each figure. A Vega-Lite specification draws itself; the network is drawn by our own code.
import type { TopLevelSpec } from 'vega-lite';

export type Layer = 'ligand' | 'receptor' | 'signalling' | 'gene' | 'protein' | 'process' | 'fate';

export interface NetworkNode { id: string; label: string; layer: Layer; note: string }
export interface NetworkEdge {
  id: string; source: string; target: string; effect: 'activates' | 'inhibits';
  weight: number; reference: string; grade: string; note: string;
}
export interface NetworkDrug { id: string; drug: string; target: string; potency: string; reference: string; grade: string }
export interface NetworkSpec { stroma: 'network'; nodes: NetworkNode[]; edges: NetworkEdge[]; drugs: NetworkDrug[] }

export type Specification = NetworkSpec | TopLevelSpec;
export interface Figure { id: string; spec: Specification; csv: string }
export interface Table { id: string; csv: string }
export interface ReportData { figures: Figure[]; tables: Table[] }

export function isNetwork(spec: Specification): spec is NetworkSpec {
  return (spec as NetworkSpec).stroma === 'network';
}

// `columns` panels per row, where the specification is a row of panels.
export function withColumns(spec: TopLevelSpec, columns: number): TopLevelSpec {
  return 'concat' in spec ? { ...spec, columns } : spec;
}

// How many panels fit side by side in `width` px; never more than the specification asks for.
export function fittingColumns(spec: TopLevelSpec, width: number): number {
  const wanted = (spec as { columns?: number }).columns ?? 1;
  const panel = (spec.usermeta as { panel_width?: number } | undefined)?.panel_width ?? width;
  return Math.max(1, Math.min(wanted, Math.floor(width / panel)));
}
