const words = require('fs').readFileSync(0, 'latin1').split(/\s+/);
const n = Number(words[0]);
const d = Number(words[1]);
const cards = new Map();
let all = 0;
let best = 0;
let most = 0;
for (let i = 0; i < n; ++i) {
  const t = Number(words[2 + 2 * i]);
  const c = Number(words[3 + 2 * i]);
  let card = cards.get(c);
  if (card === undefined) cards.set(c, card = { end: 0, bought: 0 });
  if (card.bought > 0 && t < card.end) continue;
  card.end = t + d;
  card.bought += 1;
  all += 1;
  if (card.bought > most || (card.bought === most && c < best)) {
    most = card.bought;
    best = c;
  }
}
console.log(`${all}\n${best} ${most}`);
