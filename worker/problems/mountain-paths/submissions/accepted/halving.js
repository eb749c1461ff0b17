// Halves the range of d, and floods the map for each.
const numbers = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);
const [rows, columns] = numbers;
const height = numbers.slice(2);

function connected(d) {
  const seen = new Uint8Array(rows * columns);
  const stack = [0];
  seen[0] = 1;
  while (stack.length > 0) {
    const at = stack.pop();
    const column = at % columns;
    for (const other of [at - columns, at + columns, column > 0 ? at - 1 : -1, column + 1 < columns ? at + 1 : -1]) {
      if (other < 0 || other >= rows * columns || seen[other] || Math.abs(height[at] - height[other]) > d) continue;
      seen[other] = 1;
      stack.push(other);
    }
  }
  return seen[rows * columns - 1] === 1;
}

let low = 0;
let high = 1e9;
while (low < high) {
  const middle = Math.floor((low + high) / 2);
  if (connected(middle)) high = middle;
  else low = middle + 1;
}
console.log(low);
