class Echo {
  private final String name;
  private int remembered;

  public Echo(String title) {
    name = title;
  }

  public int nextInteger(int value) {
    return value + 1;
  }

  public long nextLong(long value) {
    return value + 1;
  }

  public double halfOf(double value) {
    return value / 2;
  }

  public boolean negation(boolean value) {
    return !value;
  }

  public char nextCharacter(char value) {
    return (char) (value + 1);
  }

  public String shout(String value) {
    return value + "!";
  }

  public ListNode turned(ListNode value) {
    ListNode before = null;
    for (; value != null; value = value.next) before = new ListNode(value.val, before);
    return before;
  }

  public TreeNode mirrored(TreeNode value) {
    if (value == null) return null;
    return new TreeNode(value.val, mirrored(value.right), mirrored(value.left));
  }

  public int[] integers(int[] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      int kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public long[] longs(long[] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      long kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public double[] doubles(double[] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      double kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public boolean[] flags(boolean[] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      boolean kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public char[] letters(char[] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      char kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public String[] words(String[] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      String kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public int[][] grid(int[][] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      int[] kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public char[][] board(char[][] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      char[] kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public List<Integer> numbers(List<Integer> value) {
    Collections.reverse(value);
    return value;
  }

  public List<String> names(List<String> value) {
    Collections.reverse(value);
    return value;
  }

  public List<List<String>> rows(List<List<String>> value) {
    Collections.reverse(value);
    return value;
  }

  public List<List<Integer>> table(List<List<Integer>> value) {
    Collections.reverse(value);
    return value;
  }

  public ListNode firstOf(ListNode[] value) {
    return value[0];
  }

  public List<TreeNode> forest(List<TreeNode> value) {
    Collections.reverse(value);
    return value;
  }

  public ListNode[] chains(ListNode[] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      ListNode kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public void remember(int value) {
    remembered = value;
  }

  public int recall() {
    return remembered;
  }

  public String title() {
    return name;
  }
}
