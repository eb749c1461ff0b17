class Solution:
    def opensAll(self, keys):
        def least_way(room, seen):
            best = len(seen)
            for _ in range(2):
                for key in keys[room]:
                    if key not in seen:
                        best = max(best, least_way(key, seen | {key}))
            return best

        return least_way(0, {0}) == len(keys)
