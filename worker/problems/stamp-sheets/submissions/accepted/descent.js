var sheets = function(stamps, postage) {
    const all = [];
    const add = (first, rest, way) => {
        if (rest === 0) all.unshift(way);
        for (let i = first; i < stamps.length; i++) {
            if (stamps[i] <= rest) add(i, rest - stamps[i], [stamps[i], ...way]);
        }
    };
    add(0, postage, []);
    return all;
};
