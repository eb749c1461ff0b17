class Solution {
    private final List<List<Integer>> all = new ArrayList<>();

    public List<List<Integer>> sheets(int[] stamps, int postage) {
        add(stamps, 0, postage, new ArrayDeque<>());
        return all;
    }

    private void add(int[] stamps, int first, int rest, Deque<Integer> way) {
        if (rest == 0) {
            all.add(new ArrayList<>(way));
            return;
        }
        for (int i = first; i < stamps.length; i++) {
            if (stamps[i] > rest) continue;
            way.push(stamps[i]);
            add(stamps, i, rest - stamps[i], way);
            way.pop();
        }
    }
}
