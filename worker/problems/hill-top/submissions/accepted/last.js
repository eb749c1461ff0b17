var hillTop = function(heights) {
    let at = heights.length - 1;
    while (at > 0 && heights[at - 1] > heights[at]) at--;
    return at;
};
