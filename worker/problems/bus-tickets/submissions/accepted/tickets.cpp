#include <cstdio>
#include <unordered_map>

struct Card {
  int good_until = -1;
  int bought = 0;
};

int main() {
  int n, d;
  if (std::scanf("%d %d", &n, &d) != 2) return 1;
  std::unordered_map<int, Card> cards;
  cards.reserve(n);
  int all = 0, best = 0, most = 0;
  while (n-- > 0) {
    int t, c;
    if (std::scanf("%d %d", &t, &c) != 2) return 1;
    Card& card = cards[c];
    if (t <= card.good_until) continue;
    card.good_until = t + d - 1;
    ++card.bought;
    ++all;
    if (card.bought > most || (card.bought == most && c < best)) {
      most = card.bought;
      best = c;
    }
  }
  std::printf("%d\n%d %d\n", all, best, most);
}
