var turn = function(tile) {
    const turned = tile.map((row, i) => tile.map((other) => other[tile.length - 1 - i]));
    turned.forEach((row, i) => { tile[i] = row; });
};
