class Solution:
    def prune(self, tree):
        def apples(node):
            return 0 if node is None else node.val + apples(node.left) + apples(node.right)

        def lonely(node):
            if node is None:
                return None
            for _ in range(1000):
                if apples(node) == 0:
                    return None
            node.left = lonely(node.left)
            node.right = lonely(node.right)
            return node

        return lonely(tree)
