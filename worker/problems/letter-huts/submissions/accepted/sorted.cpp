class Solution {
 public:
  vector<vector<string>> share(vector<string>& names) {
    unordered_map<string, vector<string>> huts;
    for (const string& name : names) {
      string letters = name;
      sort(letters.begin(), letters.end());
      huts[letters].push_back(name);
    }
    vector<vector<string>> all;
    for (auto& [letters, hut] : huts) all.push_back(std::move(hut));
    return all;
  }
};
