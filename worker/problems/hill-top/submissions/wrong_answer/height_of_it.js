var hillTop = function(heights) {
    return Math.max(...heights);
};
