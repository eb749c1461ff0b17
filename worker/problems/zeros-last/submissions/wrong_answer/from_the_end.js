var zerosLast = function(crates) {
    let last = crates.length - 1;
    for (let at = 0; at < last; at++) {
        while (at < last && crates[at] === 0) {
            [crates[at], crates[last]] = [crates[last], crates[at]];
            last--;
        }
    }
};
