class Solution:
    def prune(self, tree):
        if tree.left is None and tree.right is None:
            return tree if tree.val else None
        tree.left, tree.right = self.prune(tree.left), self.prune(tree.right)
        return tree if tree.val or tree.left or tree.right else None
