// Compares nothing but the heights of the hut and of the station.
const heights = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number).slice(2);
console.log(Math.abs(heights[0] - heights[heights.length - 1]));
