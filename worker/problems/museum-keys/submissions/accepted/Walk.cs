public class Solution {
    public bool OpensAll(IList<IList<int>> keys) {
        var opened = new HashSet<int> { 0 };
        var toSee = new Stack<int>();
        toSee.Push(0);
        while (toSee.Count > 0) {
            foreach (int room in keys[toSee.Pop()]) {
                if (opened.Add(room)) toSee.Push(room);
            }
        }
        return opened.Count == keys.Count;
    }
}
