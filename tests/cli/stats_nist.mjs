// NIST's Statistical Reference Datasets through the command line, as a user would give them: the data as CSV with the
// digits of NIST's files, the models in NIST's own notation, both starting points. Counts correct digits as NIST does.
// usage: node stats_nist.mjs PROGRAM DATA_FOLDER SCRATCH_FOLDER
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [program, data, scratch] = process.argv.slice(2);
let wrong = 0;
let checked = 0;
const expect = (holds, message) => {
  checked += 1;
  if (!holds) {
    wrong += 1;
    console.log(`WRONG: ${message}`);
  }
};
const digits = (value, certified) =>
  value === certified ? 15 : Math.min(15, -Math.log10(Math.abs(value - certified) / Math.abs(certified || 1)));
const stats = (...words) => JSON.parse(execFileSync(program, ['stats', ...words, '--json'], { encoding: 'utf8' }));
const linesOf = (path) => readFileSync(path, 'latin1').split(/\r?\n/);
const words = (line) => line.trim().split(/\s+/).filter(Boolean);
const isNumber = (word) => /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(word);
const table = (name, header, rows) => {
  const path = join(scratch, `${name}.csv`);
  writeFileSync(path, [header, ...rows].map((row) => row.join(',')).join('\n') + '\n');
  return path;
};
const least = (values) => Math.min(...values).toFixed(1);

// Lower and average difficulty to 6 digits, higher to 4 (as the sets are graded in their files).
for (const file of readdirSync(join(data, 'nonlinear')).filter((f) => f.endsWith('.dat'))) {
  const name = file.replace('.dat', '');
  const lines = linesOf(join(data, 'nonlinear', file));
  const head = lines.slice(0, 60);
  const needed = head.some((l) => /Higher Level of Difficulty/.test(l)) ? 4 : 6;
  const begin = head.findIndex((l) => /^\s*(y|log\[y\])\s*=/.test(l));
  const end = head.findIndex((l, i) => i >= begin && /\+\s*e\s*$/.test(l));
  const formula = head.slice(begin, end + 1).join(' ').replace(/\+\s*e\s*$/, '').replace(/\s+/g, ' ').trim();
  const parameters = head.map((l) => l.match(/^\s*(b\d+)\s*=\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/)).filter(Boolean);
  const sum = Number(head.find((l) => l.startsWith('Residual Sum of Squares')).split(':')[1]);
  const spread = Number(head.find((l) => /^Residual Standard Deviation/.test(l)).split(/[:=]/)[1]);
  const rows = lines.slice(60).map(words).filter((w) => w.length >= 2 && w.every(isNumber));
  const path = table(name, rows[0].length === 3 ? ['y', 'x1', 'x2'] : ['y', 'x'], rows);
  for (const start of [2, 3]) {
    const what = `${name} from start ${start - 1}`;
    const fit = stats('nls', path, '--formula', formula, '--start', parameters.map((p) => `${p[1]}=${p[start]}`).join(','));
    const reached = parameters.map((p, i) => digits(fit.parameters[i].estimate, Number(p[4])));
    // Of Lanczos1 the residual sum, 1.4e-25, is below what the doubles of the data determine; so are its errors.
    if (name !== 'Lanczos1') {
      parameters.forEach((p, i) => reached.push(digits(fit.parameters[i].standard_error, Number(p[5]))));
      reached.push(digits(fit.residual_sum_of_squares, sum), digits(fit.residual_sd, spread));
    }
    expect(fit.converged, `${what}: ${fit.status}`);
    expect(Math.min(...reached) >= needed, `${what}: ${least(reached)} digits, ${needed} needed`);
    expect(fit.dof === rows.length - parameters.length, `${what}: ${fit.dof} degrees of freedom`);
  }
}

// One-way analysis of variance: the sets that are here to 7 digits; and SmLs04 to 09, which are SmLs01 to 03 with the
// tenths behind 7 and 13 leading digits. The reader keeps 64 bits: half a unit of 2^-63 of 1e12 is 3e-8, of a spread of
// 0.1; at worst, all roundings of one sign in each group, F and its parts lose 4 * 3e-7 = 1.2e-6.
for (const file of readdirSync(join(data, 'anova')).filter((f) => f.endsWith('.dat'))) {
  const lines = linesOf(join(data, 'anova', file));
  const certified = words(lines.find((l) => l.startsWith('Between ')).replace(/^\D+/, '')).map(Number);
  const from = lines.findLastIndex((l) => l.startsWith('Data:  '));
  const rows = lines.slice(from + 1).map(words).filter((w) => w.length === 2 && w.every(isNumber));
  const answer = stats('anova', table(file, ['treatment', 'response'], rows));
  expect(digits(answer.f, certified[3]) >= 7, `${file}: F has ${least([digits(answer.f, certified[3])])} digits`);
  expect(digits(answer.ss_between, certified[1]) >= 7, `${file}: sum of squares between`);
  if (!file.startsWith('SmLs0')) continue;
  // The same tenths behind more leading digits, written out as decimal numbers.
  for (const [constant, harder, needed] of [[1000000, 3, 7], [1000000000000, 6, 5.9]]) {
    const name = `SmLs0${Number(file[5]) + harder}`;
    const shifted = rows.map(([g, v]) => [g, `${constant}.${Math.round((Number(v) - 1) * 10)}`]);
    const a = stats('anova', table(name, ['treatment', 'response'], shifted));
    const reached = [digits(a.f, certified[3]), digits(a.ss_between, certified[1]), digits(a.residual_sd, 0.1)];
    expect(Math.min(...reached) >= needed, `${name}: ${least(reached)} digits, ${needed} needed`);
    const means = a.groups.map((g) => g.mean);
    expect(means.every((m) => Math.abs(m - constant - 0.4) < 0.2), `${name}: means ${means}`);
  }
}

// NumAcc3 and NumAcc4 by their rule: ...0.2, then .1 and .3 in turns; mean ...0.2, sd 0.1, autocorrelation -0.999.
for (const constant of [1000000, 10000000]) {
  const rows = [[`${constant}.2`], ...Array.from({ length: 1000 }, (_, i) => [`${constant}.${i % 2 === 0 ? 1 : 3}`])];
  const [one] = stats('describe', table(`NumAcc${constant}`, ['y'], rows)).groups;
  expect(digits(one.mean, constant + 0.2) >= 14, `NumAcc ${constant}: mean ${one.mean}`);
  expect(digits(one.sd, 0.1) >= 8, `NumAcc ${constant}: sd ${one.sd}`);
  expect(digits(one.autocorrelation, -0.999) >= 8, `NumAcc ${constant}: autocorrelation ${one.autocorrelation}`);
}
for (const file of readdirSync(join(data, 'univariate')).filter((f) => f.endsWith('.txt'))) {
  const lines = linesOf(join(data, 'univariate', file));
  const framed = lines[0].startsWith('####');
  const certified = (key) => Number(lines.find((l) => l.startsWith(key)).slice(key.length).split(/[:=]/).at(-1).trim().split(/\s+/)[0]);
  const from = lines.findLastIndex((l) => l.startsWith('Data: Y') || l.startsWith('# Data'));
  const rows = lines.slice(from + 1).flatMap(words).filter(isNumber).map((v) => [v]);
  const [one] = stats('describe', table(file, ['y'], rows)).groups;
  expect(digits(one.mean, certified(framed ? 'mean ' : 'Sample Mean')) >= 14, `${file}: mean ${one.mean}`);
  const sd = certified(framed ? 'standardDeviation' : 'Sample Standard Deviation (denom. = n-1)');
  expect(digits(one.sd, sd) >= 8, `${file}: sd ${one.sd}, certified ${sd}`);
}

// A test of the test: a certified value that is off in the sixth digit must be seen.
expect(digits(1.000001, 1) < 6.5 && digits(1.0001, 1) < 4.5 && digits(2, 2) === 15, 'the count of digits');
console.log(`${checked} looked at, ${wrong} wrong`);
process.exit(wrong === 0 && checked > 200 ? 0 : 1);
