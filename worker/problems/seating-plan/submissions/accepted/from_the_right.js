// Fills the row from its right end: with guests whom nobody wants to have further right any more.
const numbers = require('fs').readFileSync(0, 'utf8').split(/\s+/).map(Number);
const [n, m] = numbers;
const leftOf = Array.from({ length: n + 1 }, () => []);
const others = new Array(n + 1).fill(0);
for (let i = 0; i < m; ++i) {
  const a = numbers[2 + 2 * i];
  const b = numbers[3 + 2 * i];
  leftOf[b].push(a);
  others[a] += 1;
}
const free = [];
for (let guest = 1; guest <= n; ++guest) if (others[guest] === 0) free.push(guest);
const row = [];
while (free.length > 0) {
  const guest = free.pop();
  row.push(guest);
  for (const a of leftOf[guest]) if (--others[a] === 0) free.push(a);
}
console.log(row.length < n ? 'impossible' : row.reverse().join('\n'));
