// The little of Node that render.ts uses.
declare module 'node:fs' {
  export function readFileSync(file: number, encoding?: 'utf8'): string;
  export function writeFileSync(file: number, text: string): void;
}
declare const process: { exitCode?: number };
