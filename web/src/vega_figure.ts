// Vega-Lite specification -> Vega view. Nothing is loaded from anywhere: a loader that refuses is handed in.
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

const offline = {
  load: () => Promise.reject(new Error('a figure of a report loads nothing')),
  sanitize: () => Promise.reject(new Error('a figure of a report links nowhere')),
  http: () => Promise.reject(new Error('a figure of a report loads nothing')),
  file: () => Promise.reject(new Error('a figure of a report loads nothing')),
  options: {},
} as unknown as vega.Loader;

function viewOf(spec: TopLevelSpec, options: Partial<vega.ViewOptions>): vega.View {
  const program = vega.parse(compile(spec).spec);
  return new vega.View(program, { renderer: 'svg', loader: offline, logLevel: vega.Error, ...options });
}

// Draws into `container`, which keeps its role and alternative text: Vega calls whatever it draws into
// "Vega visualization", and the page has said what is to be seen.
export async function draw(spec: TopLevelSpec, container: HTMLElement): Promise<vega.View> {
  const named = ['role', 'aria-label'].map((name) => [name, container.getAttribute(name)] as const);
  const view = await viewOf(spec, { container, hover: false }).runAsync();
  for (const [name, value] of named) if (value !== null) container.setAttribute(name, value);
  container.removeAttribute('aria-roledescription');
  return view;
}

// The same figure as SVG text.
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  const view = viewOf(spec, { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
