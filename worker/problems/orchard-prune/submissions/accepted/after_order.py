class Solution:
    def prune(self, tree: Optional[TreeNode]) -> Optional[TreeNode]:
        if tree is None:
            return None
        tree.left = self.prune(tree.left)
        tree.right = self.prune(tree.right)
        return tree if tree.val or tree.left or tree.right else None
