// Feeds every file of the folders that are named as arguments to a fuzz target, with every byte of each
// changed once.
#include "fuzz_entry.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

// Copies to exactly the size, so that a sanitizer sees reads past the end.
void feed(const std::string& content) {
  const std::vector<std::uint8_t> bytes(content.begin(), content.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream stream(entry.path(), std::ios::binary);
      std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
      feed(content);
      ++files;
      const std::size_t stride = 1 + content.size() / 128;
      for (std::size_t at = 0; at < content.size(); at += stride) {
        const char byte = content[at];
        for (const char changed : {'\n', '9', '\xFF', static_cast<char>(byte ^ 1)}) {
          content[at] = changed;
          feed(content);
        }
        content[at] = byte;
        feed(content.substr(0, at));
      }
    }
  }
  std::cout << files << " files\n";
  return files > 0 ? 0 : 1;
}
