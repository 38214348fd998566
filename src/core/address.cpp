#include "core/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace stroma::core {
namespace {

bool is_list_of_tables(const Node& node) {
  return node.kind == Node::Kind::list && !node.items.empty() &&
         std::all_of(node.items.begin(), node.items.end(),
                     [](const Node& item) { return item.kind == Node::Kind::table; });
}

// What an element of a list of tables is called; empty where nothing names it.
std::string name_of(const Node& table) {
  constexpr std::array keys = {"name", "drug", "factor", "substance", "assay", "type", "side"};
  for (const char* key : keys)
    if (const Node* found = table.find(key); found != nullptr && found->kind == Node::Kind::text)
      return found->text;
  return {};
}

int count_called(const Node& list, std::string_view name) {
  return static_cast<int>(std::count_if(list.items.begin(), list.items.end(),
                                        [&](const Node& item) { return name_of(item) == name; }));
}

void collect(const Node& node, const std::string& path, std::vector<std::string>& out) {
  if (node.kind == Node::Kind::table) {
    for (const auto& [key, value] : node.keys) collect(value, path.empty() ? key : path + "." + key, out);
    return;
  }
  if (!is_list_of_tables(node)) {
    out.push_back(path);
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string name = name_of(node.items[i]);
    const bool is_clear = !name.empty() && count_called(node, name) == 1;
    collect(node.items[i], fmt::format("{}[{}]", path, is_clear ? name : std::to_string(i + 1)), out);
  }
}

// Walks along an address; `rest` is what has not been read yet.
class Walk {
 public:
  explicit Walk(std::string_view address) : whole_(address), rest_(address) {}

  bool done() const { return rest_.empty(); }
  std::string so_far() const { return std::string(whole_.substr(0, whole_.size() - rest_.size())); }

  /// The next key of a table: the longest that is there and fits, else up to the next dot or bracket.
  std::string key(const Node& table) {
    if (!rest_.empty() && rest_.front() == '.') rest_.remove_prefix(1);
    std::size_t length = 0;
    for (const auto& [name, value] : table.keys)
      if (fits(name)) length = std::max(length, name.size());
    if (length == 0) length = std::min(rest_.find_first_of(".["), rest_.size());
    return take(length);
  }

  /// The element of a list that comes next, or what is wrong with it.
  std::optional<std::size_t> element(const Node& list, std::string& wrong) {
    if (!rest_.empty() && rest_.front() == '[') {
      const std::size_t close = rest_.find(']');
      if (close == std::string_view::npos) {
        wrong = "a bracket is not closed";
        return std::nullopt;
      }
      const std::string inside(rest_.substr(1, close - 1));
      rest_.remove_prefix(close + 1);
      return chosen(list, inside, wrong);
    }
    // "plate.arm.CAF supernatant.medium": a name between dots.
    if (!rest_.empty() && rest_.front() == '.') {
      const std::string_view before = rest_;
      rest_.remove_prefix(1);
      std::string best;
      for (const Node& item : list.items)
        if (const std::string name = name_of(item); fits(name) && name.size() > best.size()) best = name;
      if (!best.empty()) {
        take(best.size());
        return chosen(list, best, wrong);
      }
      rest_ = before;
    }
    if (list.items.size() == 1) return 0;
    wrong = fmt::format("there are {} of them; say which: [1] to [{}]{}", list.items.size(),
                        list.items.size(), names(list));
    return std::nullopt;
  }

 private:
  bool fits(std::string_view name) const {
    return !name.empty() && rest_.starts_with(name) &&
           (rest_.size() == name.size() || rest_[name.size()] == '.' || rest_[name.size()] == '[');
  }

  std::string take(std::size_t length) {
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return text;
  }

  static std::string names(const Node& list) {
    std::string text;
    for (const Node& item : list.items)
      if (const std::string name = name_of(item); !name.empty())
        text += (text.empty() ? " or [" : ", [") + name + "]";
    return text;
  }

  static std::optional<std::size_t> chosen(const Node& list, const std::string& inside, std::string& wrong) {
    const int called = count_called(list, inside);
    if (called == 1) {
      for (std::size_t i = 0; i < list.items.size(); ++i)
        if (name_of(list.items[i]) == inside) return i;
    }
    std::size_t place = 0;
    const auto [end, status] = std::from_chars(inside.data(), inside.data() + inside.size(), place);
    const bool is_number = status == std::errc{} && end == inside.data() + inside.size();
    if (called == 0 && is_number && place >= 1 && place <= list.items.size()) return place - 1;
    wrong =
        called > 1
            ? fmt::format("{} of them are called '{}'; say which by its place from 1 on", called, inside)
        : is_number
            ? fmt::format("there is no element {}; there are {}, counted from 1", inside, list.items.size())
            : fmt::format("there is no element '{}'{}", inside,
                          is_list_of_tables(list)
                              ? "; there are [1] to [" + std::to_string(list.items.size()) + "]" + names(list)
                              : std::string());
    return std::nullopt;
  }

  std::string_view whole_, rest_;
};

}  // namespace

std::vector<std::string> addresses(const Node& root) {
  std::vector<std::string> out;
  collect(root, "", out);
  return out;
}

const Node* find_at(const Node& root, std::string_view address) {
  const Node* node = &root;
  Walk walk(address);
  while (!walk.done() && node != nullptr) {
    std::string wrong;
    if (node->kind == Node::Kind::table) {
      node = node->find(walk.key(*node));
    } else if (node->kind == Node::Kind::list) {
      const auto element = walk.element(*node, wrong);
      node = element ? &node->items[*element] : nullptr;
    } else {
      node = nullptr;
    }
  }
  return node;
}

void set_at(Node& root, std::string_view address, Node value, Diagnostics& problems) {
  const auto refuse = [&](const std::string& where, const std::string& message) {
    problems.add("no-such-address", value.place, std::string(address), fmt::format("{}: {}", where, message),
                 fmt::format("addresses in this file: {}", fmt::join(addresses(root), ", ")));
  };
  Node* node = &root;
  Walk walk(address);
  while (!walk.done()) {
    if (node->kind == Node::Kind::table) {
      const std::string key = walk.key(*node);
      if (key.empty()) return refuse(walk.so_far(), "a key is missing in the address");
      auto found =
          std::find_if(node->keys.begin(), node->keys.end(), [&](const auto& k) { return k.first == key; });
      if (found == node->keys.end()) {
        node->keys.emplace_back(key, Node{});
        found = std::prev(node->keys.end());
        found->second.place = value.place;
        if (walk.done()) {
          found->second = std::move(value);
          return;
        }
      }
      node = &found->second;
    } else if (node->kind == Node::Kind::list) {
      std::string wrong;
      const auto element = walk.element(*node, wrong);
      if (!element) return refuse(walk.so_far(), wrong);
      node = &node->items[*element];
    } else {
      return refuse(walk.so_far(), "is a value and has no keys");
    }
  }
  *node = std::move(value);
}

}  // namespace stroma::core
