// Text widths where there is no canvas to measure with: advance widths of Helvetica (Adobe Font Metrics), in 1/1000 em.
const widths: Record<string, number> = {
  ' ': 278, '!': 278, '"': 355, '#': 556, '$': 556, '%': 889, '&': 667, "'": 191, '(': 333, ')': 333, '*': 389, '+': 584, ',': 278,
  '-': 333, '.': 278, '/': 278, ':': 278, ';': 278, '<': 584, '=': 584, '>': 584, '?': 556, '@': 1015, A: 667, B: 667, C: 722, D: 722,
  E: 667, F: 611, G: 778, H: 722, I: 278, J: 500, K: 667, L: 556, M: 833, N: 722, O: 778, P: 667, Q: 778, R: 722, S: 667, T: 611,
  U: 722, V: 667, W: 944, X: 667, Y: 667, Z: 611, f: 278, i: 222, j: 222, k: 500, l: 222, m: 833, r: 333, s: 500, t: 278, w: 722,
  c: 500, v: 500, x: 500, y: 500, z: 500, '–': 556, '±': 584, 'µ': 556, '·': 278,
};

// The width of `text` in px; unknown characters count as a digit. A little wide, because the reader's font may be.
export function textWidth(text: string, fontSize: number, bold = false): number {
  let sum = 0;
  for (const c of text) sum += widths[c] ?? 556;
  return (sum / 1000) * fontSize * (bold ? 1.12 : 1.06);
}
