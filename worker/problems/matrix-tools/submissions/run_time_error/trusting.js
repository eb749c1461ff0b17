// Trusts that every drawer it opens has a matrix of the right size in it.
const words = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/);
let at = 0;
const next = () => words[at++];
const P = 1000003;

function check(condition) {
  if (!condition) throw new Error('nobody has told me about this');
}

function multiply(a, b) {
  check(a[0].length === b.length);
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, x, i) => sum + x * b[i][j], 0) % P));
}

function power(a, k) {
  check(a.length === a[0].length);
  let result = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (; k > 0n; k /= 2n) {
    if (k % 2n === 1n) result = multiply(result, a);
    a = multiply(a, a);
  }
  return result;
}

const drawers = {};
const output = [];
for (let q = Number(next()); q > 0; --q) {
  const command = next();
  const x = next();
  if (command === 'set') {
    const rows = Number(next());
    const columns = Number(next());
    drawers[x] = Array.from({ length: rows }, () => Array.from({ length: columns }, () => Number(next())));
  } else if (command === 'show') {
    for (const row of drawers[x]) output.push(row.join(' '));
  } else if (command === 'flip') {
    const a = drawers[next()];
    drawers[x] = a[0].map((_, j) => a.map((row) => row[j]));
  } else if (command === 'pow') {
    const a = drawers[next()];
    drawers[x] = power(a, BigInt(next()));
  } else if (command === 'mul') {
    const a = drawers[next()];
    drawers[x] = multiply(a, drawers[next()]);
  } else {
    const a = drawers[next()];
    const b = drawers[next()];
    check(a.length === b.length && a[0].length === b[0].length);
    drawers[x] = a.map((row, i) => row.map((entry, j) => (entry + b[i][j]) % P));
  }
}
if (output.length > 0) console.log(output.join('\n'));
