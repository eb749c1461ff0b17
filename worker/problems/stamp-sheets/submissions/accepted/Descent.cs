public class Solution {
    private readonly IList<IList<int>> all = new List<IList<int>>();

    public IList<IList<int>> Sheets(int[] stamps, int postage) {
        Add(stamps, 0, postage, new List<int>());
        return all;
    }

    private void Add(int[] stamps, int first, int rest, List<int> way) {
        if (rest == 0) all.Add(new List<int>(way));
        for (int i = first; i < stamps.Length; i++) {
            if (stamps[i] > rest) continue;
            way.Add(stamps[i]);
            Add(stamps, i, rest - stamps[i], way);
            way.RemoveAt(way.Count - 1);
        }
    }
}
