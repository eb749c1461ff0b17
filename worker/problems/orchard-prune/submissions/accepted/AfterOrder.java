class Solution {
    public TreeNode prune(TreeNode tree) {
        if (tree == null) return null;
        tree.left = prune(tree.left);
        tree.right = prune(tree.right);
        return tree.val == 0 && tree.left == null && tree.right == null ? null : tree;
    }
}
