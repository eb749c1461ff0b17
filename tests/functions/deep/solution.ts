class Deep {
  cube(value: number[][][]): number[][][] {
    return value.reverse();
  }

  texts(value: string[][][]): string[][][] {
    return value.reverse();
  }

  mixed(value: number[][]): number[][] {
    return value.reverse();
  }

  woods(value: TreeNode[][]): TreeNode[][] {
    return value.reverse();
  }
}
