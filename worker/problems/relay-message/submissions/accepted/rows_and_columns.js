// Writes the letters as rows of five flashes, with a parity for each row and for each column: a wrong flash is where a row and
// a column do not add up. Where only one of them does not, a parity itself is wrong, and does no harm.
const [task, line] = require('fs').readFileSync(0, 'utf8').split('\n').map((text) => text.trim());
const letters = 'abcdefghijklmnopqrstuvwxyz_';

function parity(flashes) {
  return flashes.reduce((sum, flash) => sum ^ flash, 0);
}

function columnParities(rows) {
  return [0, 1, 2, 3, 4].map((column) => parity(rows.map((row) => row[column])));
}

if (task === 'encode') {
  const rows = [...line].map((letter) => [...letters.indexOf(letter).toString(2).padStart(5, '0')].map(Number));
  console.log([...rows, columnParities(rows), rows.map(parity)].flat().join(''));
} else {
  const flashes = [...line].map(Number);
  const count = (flashes.length - 5) / 6;
  const rows = Array.from({ length: count }, (_, i) => flashes.slice(5 * i, 5 * i + 5));
  const columns = columnParities(rows);
  const column = columns.findIndex((value, i) => value !== flashes[5 * count + i]);
  const row = rows.findIndex((value, i) => parity(value) !== flashes[5 * count + 5 + i]);
  if (row >= 0 && column >= 0) rows[row][column] ^= 1;
  console.log(rows.map((value) => letters[parseInt(value.join(''), 2)]).join(''));
}
