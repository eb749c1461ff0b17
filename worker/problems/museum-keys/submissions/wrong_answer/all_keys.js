var opensAll = function(keys) {
    return new Set([0, ...keys.flat()]).size === keys.length;
};
