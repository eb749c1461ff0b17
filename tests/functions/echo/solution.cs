public class Echo {
  readonly string name;
  int remembered;

  public Echo(string title) {
    name = title;
  }

  public int NextInteger(int value) {
    return value + 1;
  }

  public long NextLong(long value) {
    return value + 1;
  }

  public double HalfOf(double value) {
    return value / 2;
  }

  public bool Negation(bool value) {
    return !value;
  }

  public char NextCharacter(char value) {
    return (char)(value + 1);
  }

  public string Shout(string value) {
    return value + "!";
  }

  public ListNode Turned(ListNode value) {
    ListNode before = null;
    for (; value != null; value = value.next) before = new ListNode(value.val, before);
    return before;
  }

  public TreeNode Mirrored(TreeNode value) {
    if (value == null) return null;
    return new TreeNode(value.val, Mirrored(value.right), Mirrored(value.left));
  }

  public int[] Integers(int[] value) {
    Array.Reverse(value);
    return value;
  }

  public long[] Longs(long[] value) {
    Array.Reverse(value);
    return value;
  }

  public double[] Doubles(double[] value) {
    Array.Reverse(value);
    return value;
  }

  public bool[] Flags(bool[] value) {
    Array.Reverse(value);
    return value;
  }

  public char[] Letters(char[] value) {
    Array.Reverse(value);
    return value;
  }

  public string[] Words(string[] value) {
    Array.Reverse(value);
    return value;
  }

  public int[][] Grid(int[][] value) {
    Array.Reverse(value);
    return value;
  }

  public char[][] Board(char[][] value) {
    Array.Reverse(value);
    return value;
  }

  public IList<int> Numbers(IList<int> value) {
    return value.Reverse().ToList();
  }

  public IList<string> Names(IList<string> value) {
    return value.Reverse().ToList();
  }

  public IList<IList<string>> Rows(IList<IList<string>> value) {
    return value.Reverse().ToList();
  }

  public IList<IList<int>> Table(IList<IList<int>> value) {
    return value.Reverse().ToList();
  }

  public ListNode FirstOf(ListNode[] value) {
    return value[0];
  }

  public IList<TreeNode> Forest(IList<TreeNode> value) {
    return value.Reverse().ToList();
  }

  public ListNode[] Chains(ListNode[] value) {
    Array.Reverse(value);
    return value;
  }

  public void Remember(int value) {
    remembered = value;
  }

  public int Recall() {
    return remembered;
  }

  public string Title() {
    return name;
  }
}
