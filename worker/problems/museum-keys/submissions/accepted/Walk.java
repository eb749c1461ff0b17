class Solution {
    public boolean opensAll(List<List<Integer>> keys) {
        boolean[] opened = new boolean[keys.size()];
        Deque<Integer> toSee = new ArrayDeque<>(List.of(0));
        opened[0] = true;
        int count = 1;
        while (!toSee.isEmpty()) {
            for (int room : keys.get(toSee.pop())) {
                if (opened[room]) continue;
                opened[room] = true;
                count++;
                toSee.push(room);
            }
        }
        return count == keys.size();
    }
}
