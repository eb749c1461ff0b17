class Solution:
    def sheets(self, stamps, postage):
        found = set()

        def add(rest, way):
            if rest == 0:
                found.add(tuple(sorted(way)))
            for stamp in stamps:
                if stamp <= rest:
                    add(rest - stamp, way + [stamp])

        add(postage, [])
        return [list(way) for way in found]
