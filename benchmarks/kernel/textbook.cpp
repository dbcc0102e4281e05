// Deferred acceptance as a textbook has it: candidates one after another, a priority queue of seats per post.
//
// wish_post: the post of each contract (this program is spared the way through zones).
// held: written; the contract each candidate ends with, or -1. Returns the number of proposals.

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

using Seated = std::pair<std::int64_t, std::int32_t>;  // priority, candidate
using WeakestFirst = std::priority_queue<Seated, std::vector<Seated>, std::greater<Seated>>;

extern "C" std::int64_t deferred_acceptance(
    std::int64_t num_candidates, const std::int64_t* wish_ptr, const std::int32_t* wish_post,
    const std::int64_t* wish_priority, std::int64_t num_posts, const std::int32_t* seats, std::int64_t* held) {
  std::vector<WeakestFirst> sitting(num_posts);
  std::vector<std::int64_t> next(wish_ptr, wish_ptr + num_candidates);
  std::int64_t proposals = 0;
  for (std::int64_t first = 0; first < num_candidates; ++first) {
    std::int64_t candidate = first;
    held[candidate] = -1;
    while (candidate >= 0 && next[candidate] < wish_ptr[candidate + 1]) {
      const std::int64_t contract = next[candidate]++;
      const std::int32_t post = wish_post[contract];
      const std::int64_t priority = wish_priority[contract];
      auto& there = sitting[post];
      ++proposals;
      if (static_cast<std::int64_t>(there.size()) < seats[post]) {
        there.emplace(priority, static_cast<std::int32_t>(candidate));
        held[candidate] = contract;
        candidate = -1;
      } else if (!there.empty() && there.top().first < priority) {
        const std::int32_t displaced = there.top().second;
        there.pop();
        there.emplace(priority, static_cast<std::int32_t>(candidate));
        held[candidate] = contract;
        held[displaced] = -1;
        candidate = displaced;
      }
    }
  }
  return proposals;
}
