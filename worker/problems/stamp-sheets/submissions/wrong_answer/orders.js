var sheets = function(stamps, postage) {
    const all = [];
    const add = (rest, way) => {
        if (all.length > 5000) return;
        if (rest === 0) all.push(way);
        for (const stamp of stamps) if (stamp <= rest) add(rest - stamp, [...way, stamp]);
    };
    add(postage, []);
    return all;
};
