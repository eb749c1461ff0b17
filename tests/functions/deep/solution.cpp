class Deep {
 public:
  vector<vector<vector<int>>> cube(vector<vector<vector<int>>>& value) {
    reverse(value.begin(), value.end());
    return value;
  }
  vector<vector<vector<string>>> texts(vector<vector<vector<string>>>& value) {
    reverse(value.begin(), value.end());
    return value;
  }
  vector<vector<int>> mixed(vector<vector<int>>& value) { return {value.rbegin(), value.rend()}; }
  vector<vector<TreeNode*>> woods(vector<vector<TreeNode*>>& value) { return {value.rbegin(), value.rend()}; }
};
