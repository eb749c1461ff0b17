class Solution {
  countDown(start: number): number {
    if (start === 0) throw new Error('there is nothing below');
    return start - 1;
  }
}
