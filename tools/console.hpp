// Where a command writes: results to standard output, words about itself to standard error, and on a terminal
// one line that is kept up to date in place.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>

namespace mesosio::tool {

// All functions may be called from any thread. SIGPIPE must be ignored.
class Console {
 public:
  Console();
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // Writes a line to standard output at once. False when that is not possible (any more), and after
  // give_up(). A reader that does not read keeps it waiting.
  bool print(std::string_view line);

  // Ends the waiting of print(), now and for ever.
  void give_up();

  // Why print() failed; empty if it did not.
  [[nodiscard]] std::string output_error() const;

  // Writes a line to standard error; where that fails nobody is there to be told.
  void tell(std::string_view line);

  // Shows `text` as the last line of the terminal in place of what was shown before; nothing if standard
  // error is no terminal.
  void show(std::string text);

  // Whether show() shows anything.
  [[nodiscard]] bool live() const { return live_; }

 private:
  int write_out(std::string_view text) const;
  void clear();
  void draw();

  mutable std::mutex mutex_;  // of the terminal, and of what is below
  std::string shown_;
  std::string output_error_;
  bool drawn_ = false;
  const bool live_;
  const bool shared_;  // standard output is a terminal too, most likely the same one
  int wake_ = -1;
  std::atomic<bool> given_up_{false};
};

}  // namespace mesosio::tool
