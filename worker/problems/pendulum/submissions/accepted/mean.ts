import * as fs from 'fs';

interface Pendulum {
  length: number;
  theta: number;
}

function mean(a: number, b: number): number {
  for (let i = 0; i < 12; ++i) {
    [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
  }
  return a;
}

function swing(pendulum: Pendulum): number {
  const small = 2 * Math.PI * Math.sqrt(pendulum.length / 9.80665);
  return small / mean(1, Math.cos((pendulum.theta * Math.PI) / 360));
}

const lines: string[] = fs.readFileSync(0, 'utf8').trim().split('\n');
for (const line of lines.slice(1)) {
  const [length, theta] = line.split(' ').map(Number);
  console.log(swing({ length, theta }).toFixed(9));
}
