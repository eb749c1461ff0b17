class Solution {
 public:
  int hillTop(vector<int>& heights) {
    int low = 0, high = (int)heights.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (heights[middle] < heights[middle + 1])
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
};
