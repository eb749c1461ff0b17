public class Deep {
  public int[][][] Cube(int[][][] value) {
    Array.Reverse(value);
    return value;
  }

  public IList<IList<IList<string>>> Texts(IList<IList<IList<string>>> value) {
    return value.Reverse().ToList();
  }

  public IList<int[]> Mixed(IList<int[]> value) {
    return value.Reverse().ToList();
  }

  public TreeNode[][] Woods(TreeNode[][] value) {
    Array.Reverse(value);
    return value;
  }
}
