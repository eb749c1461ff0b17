class Solution:
    def opensAll(self, keys):
        sys.setrecursionlimit(500)
        opened = set()

        def enter(room):
            opened.add(room)
            for key in keys[room]:
                if key not in opened:
                    enter(key)

        enter(0)
        return len(opened) == len(keys)
