class Deep {
  public int[][][] cube(int[][][] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      int[][] kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }

  public List<List<List<String>>> texts(List<List<List<String>>> value) {
    Collections.reverse(value);
    return value;
  }

  public List<int[]> mixed(List<int[]> value) {
    Collections.reverse(value);
    return value;
  }

  public TreeNode[][] woods(TreeNode[][] value) {
    for (int i = 0, j = value.length - 1; i < j; i++, j--) {
      TreeNode[] kept = value[i];
      value[i] = value[j];
      value[j] = kept;
    }
    return value;
  }
}
