struct TreeNode* prune(struct TreeNode* tree) {
    if (!tree) return NULL;
    tree->left = prune(tree->left);
    tree->right = prune(tree->right);
    return tree->val || tree->left || tree->right ? tree : NULL;
}
