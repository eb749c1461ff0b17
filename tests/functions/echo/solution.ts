class Echo {
  private remembered = 0;

  constructor(private name: string) {}

  nextInteger(value: number): number {
    return value + 1;
  }

  nextLong(value: number): number {
    const exact: any = value;
    return exact + (typeof exact === 'bigint' ? 1n : 1);
  }

  halfOf(value: number): number {
    return value / 2;
  }

  negation(value: boolean): boolean {
    return !value;
  }

  nextCharacter(value: string): string {
    return String.fromCharCode(value.charCodeAt(0) + 1);
  }

  shout(value: string): string {
    return `${value}!`;
  }

  turned(value: ListNode): ListNode {
    let before = null;
    for (; value; value = value.next) before = new ListNode(value.val, before);
    return before;
  }

  mirrored(value: TreeNode): TreeNode {
    if (value) [value.left, value.right] = [this.mirrored(value.right), this.mirrored(value.left)];
    return value;
  }

  integers(value: number[]): number[] {
    return value.reverse();
  }

  longs(value: number[]): number[] {
    return value.reverse();
  }

  doubles(value: number[]): number[] {
    return value.reverse();
  }

  flags(value: boolean[]): boolean[] {
    return value.reverse();
  }

  letters(value: string[]): string[] {
    return value.reverse();
  }

  words(value: string[]): string[] {
    return value.reverse();
  }

  grid(value: number[][]): number[][] {
    return value.reverse();
  }

  board(value: string[][]): string[][] {
    return value.reverse();
  }

  numbers(value: number[]): number[] {
    return value.reverse();
  }

  names(value: string[]): string[] {
    return value.reverse();
  }

  rows(value: string[][]): string[][] {
    return value.reverse();
  }

  table(value: number[][]): number[][] {
    return value.reverse();
  }

  firstOf(value: ListNode[]): ListNode {
    return value[0];
  }

  forest(value: TreeNode[]): TreeNode[] {
    return value.reverse();
  }

  chains(value: ListNode[]): ListNode[] {
    return value.reverse();
  }

  remember(value: number): void {
    this.remembered = value;
  }

  recall(): number {
    return this.remembered;
  }

  title(): string {
    return this.name;
  }
}
