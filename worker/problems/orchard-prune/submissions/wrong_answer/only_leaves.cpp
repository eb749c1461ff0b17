class Solution {
 public:
  TreeNode* prune(TreeNode* tree) {
    if (!tree || (!tree->val && !tree->left && !tree->right)) return nullptr;
    tree->left = prune(tree->left);
    tree->right = prune(tree->right);
    return tree;
  }
};
