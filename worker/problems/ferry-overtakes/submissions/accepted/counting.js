var overtakes = function(speeds) {
    const tree = new Int32Array(1000002);
    let pairs = 0;
    speeds.forEach((speed, seen) => {
        pairs += seen;
        for (let at = speed + 1; at > 0; at &= at - 1) pairs -= tree[at];
        for (let at = speed + 1; at < tree.length; at += at & -at) tree[at]++;
    });
    return pairs;
};
