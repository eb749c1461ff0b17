var share = function(names) {
    const huts = new Map();
    for (const name of names) {
        const letters = [...name].sort().join("");
        if (!huts.has(letters)) huts.set(letters, []);
        huts.get(letters).unshift(name);
    }
    return [...huts.values()].reverse();
};
