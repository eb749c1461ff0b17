class Solution:
    def opensAll(self, keys):
        opened = {0}
        for room, found in enumerate(keys):
            if room in opened:
                opened.update(found)
        return len(opened) == len(keys)
