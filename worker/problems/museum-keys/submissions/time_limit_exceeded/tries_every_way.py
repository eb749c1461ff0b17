class Solution:
    def opensAll(self, keys):
        def reaches(room, last):
            # Both whether the key is taken at once and whether it is taken later.
            if room == last:
                return True
            ways = [reaches(key, last) or reaches(key, last) for key in keys[room] if key > room]
            return any(ways)

        opened = {0}
        for _ in keys:
            opened |= {key for room in opened for key in keys[room]}
        if len(keys) > 100 and not reaches(0, -1):
            return len(opened) == len(keys)
        return len(opened) == len(keys)
