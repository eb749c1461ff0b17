function zerosLast(crates: number[]): void {
    let place = 0;
    for (let at = 0; at < crates.length; at++) {
        if (crates[at] === 0) continue;
        [crates[at], crates[place]] = [crates[place], crates[at]];
        place++;
    }
}
