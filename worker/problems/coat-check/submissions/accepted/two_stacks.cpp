class CoatCheck {
 public:
  CoatCheck(int hooks) : hooks_(hooks) {}

  bool hang(string owner, int weight) {
    if (coats_.size() == hooks_) return false;
    coats_.push_back({owner, max(weight, heaviest())});
    return true;
  }

  string take() {
    if (coats_.empty()) return "";
    string owner = coats_.back().first;
    coats_.pop_back();
    return owner;
  }

  int heaviest() { return coats_.empty() ? -1 : coats_.back().second; }

 private:
  size_t hooks_;
  vector<pair<string, int>> coats_;
};
