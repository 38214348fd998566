// What R says (stats_r.R) against what the program says of the same files.
// usage: node stats_r.mjs PROGRAM QUESTIONS
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [program, questions] = process.argv.slice(2);
let wrong = 0;
let numbers = 0;
const answered = new Map();
const answer = (words) => {
  if (!answered.has(words)) answered.set(words, JSON.parse(execFileSync(program, ['stats', ...words.split(' '), '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 })));
  return answered.get(words);
};
// Beside the relative tolerance: 1e-11, the rounding of differences of numbers near 100 (limits that are 0).
const agree = (mine, theirs, tolerance) =>
  mine.length === theirs.length && mine.every((v, i) => (v === null || Number.isNaN(v) ? Number.isNaN(theirs[i]) : Math.abs(v - theirs[i]) <= tolerance * Math.abs(theirs[i]) + 1e-11));
for (const line of readFileSync(questions, 'utf8').split('\n').filter(Boolean)) {
  const [words, expression, values, relative] = line.split('|');
  const tolerance = Number(relative);
  const theirs = values.split(',').map((v) => (v === 'NA' || v === 'NaN' ? NaN : Number(v)));
  try {
    const mine = [new Function('it', `return ${expression}`)(answer(words))].flat();
    numbers += theirs.length;
    // The mutant: an answer that is off by ten times the tolerance must not pass.
    const mutant = theirs.map((v) => v * (1 + 10 * tolerance) + 1e-9);
    if (agree(mine, theirs, tolerance) && !agree(mutant, theirs, tolerance)) continue;
    console.log(`WRONG: ${words}: ${expression} is ${mine.slice(0, 8)}, R says ${theirs.slice(0, 8)}`);
  } catch (error) {
    console.log(`WRONG: ${words}: ${error.stderr ?? error}`);
  }
  wrong += 1;
}
console.log(`${answered.size} commands, ${numbers} numbers, ${wrong} wrong`);
process.exit(wrong === 0 && numbers > 4500 ? 0 : 1);
