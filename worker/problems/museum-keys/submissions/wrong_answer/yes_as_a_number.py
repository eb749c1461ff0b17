class Solution:
    def opensAll(self, keys):
        # One pass in the order of the rooms.
        opened = {0}
        for room, found in enumerate(keys):
            if room in opened:
                opened.update(found)
        return len(opened) == len(keys)
