var prune = function(tree) {
    if (tree) tree.left = tree;
    return tree;
};
