function prune(tree: TreeNode | null): TreeNode | null {
    if (tree === null) return null;
    tree.left = prune(tree.left);
    tree.right = prune(tree.right);
    return tree.val || tree.left || tree.right ? tree : null;
}
