class Solution:
    def opensAll(self, keys: List[List[int]]) -> bool:
        opened = {0}
        to_see = [0]
        while to_see:
            for room in keys[to_see.pop()]:
                if room not in opened:
                    opened.add(room)
                    to_see.append(room)
        return len(opened) == len(keys)
