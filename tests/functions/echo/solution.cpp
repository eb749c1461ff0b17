class Echo {
  string title_;
  int remembered_ = 0;

  template <class T>
  vector<T> reversed(vector<T> value) {
    reverse(value.begin(), value.end());
    return value;
  }

 public:
  Echo(string title) : title_(title) {}
  int nextInteger(int value) { return value + 1; }
  long long nextLong(long long value) { return value + 1; }
  double halfOf(double value) { return value / 2; }
  bool negation(bool value) { return !value; }
  char nextCharacter(char value) { return value + 1; }
  string shout(string value) { return value + "!"; }
  ListNode* turned(ListNode* value) {
    ListNode* head = nullptr;
    for (; value; value = value->next) head = new ListNode(value->val, head);
    return head;
  }
  TreeNode* mirrored(TreeNode* value) {
    return value ? new TreeNode(value->val, mirrored(value->right), mirrored(value->left)) : nullptr;
  }
  vector<int> integers(vector<int>& value) { return reversed(value); }
  vector<long long> longs(vector<long long>& value) { return reversed(value); }
  vector<double> doubles(vector<double>& value) { return reversed(value); }
  vector<bool> flags(vector<bool>& value) { return reversed(value); }
  vector<char> letters(vector<char>& value) { return reversed(value); }
  vector<string> words(vector<string>& value) { return reversed(value); }
  vector<vector<int>> grid(vector<vector<int>>& value) { return reversed(value); }
  vector<vector<char>> board(vector<vector<char>>& value) { return reversed(value); }
  vector<int> numbers(vector<int>& value) { return reversed(value); }
  vector<string> names(vector<string>& value) { return reversed(value); }
  vector<vector<string>> rows(vector<vector<string>>& value) { return reversed(value); }
  vector<vector<int>> table(vector<vector<int>>& value) { return reversed(value); }
  ListNode* firstOf(vector<ListNode*>& value) { return value[0]; }
  vector<TreeNode*> forest(vector<TreeNode*>& value) { return reversed(value); }
  vector<ListNode*> chains(vector<ListNode*>& value) { return reversed(value); }
  void remember(int value) { remembered_ = value; }
  int recall() { return remembered_; }
  string title() { return title_; }
};
