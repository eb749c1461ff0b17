var riverMean = function(levels, days) {
    const means = [];
    let sum = 0;
    levels.forEach((level, i) => {
        sum += level - (i >= days ? levels[i - days] : 0);
        if (i >= days - 1) means.push(sum / days);
    });
    return means;
};
