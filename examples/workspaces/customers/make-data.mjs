// Writes data/customers.csv. The customers are made up: a fixed sequence of numbers, and a rule with noise that decides who
// cancels. The same every time: `node make-data.mjs`.
import { writeFileSync } from 'node:fs';

let state = 20_261_127;
const next = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const pick = (list) => list[Math.floor(next() * list.length)];

const rows = Array.from({ length: 240 }, (_, n) => {
  const plan = pick(['basic', 'basic', 'team', 'business']);
  const months = 1 + Math.floor(next() * 40);
  const tickets = Math.floor(next() * next() * 9);
  const lastLoginDays = Math.floor(next() * next() * 60);
  const region = next() < 0.05 ? '' : pick(['north', 'south', 'east', 'west']);
  const pull = 0.9 * tickets + 0.09 * lastLoginDays - 0.05 * months + (plan === 'business' ? -0.8 : 0) - 1.4;
  const cancelled = next() < 1 / (1 + Math.exp(-2 * pull)) ? 'yes' : 'no';
  return [`C${1_000 + n}`, plan, months, tickets, lastLoginDays, region, cancelled];
});
const header = ['customer', 'plan', 'months', 'tickets', 'lastLoginDays', 'region', 'cancelled'];
writeFileSync(
  new URL('data/customers.csv', import.meta.url),
  `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`,
);
