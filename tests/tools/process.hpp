// Programs run by tests: started, watched through pipes, and ended by their process number alone.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mesosio::tool::test {

// How a program is started, beyond its arguments.
struct ProcessOptions {
  enum class Output {
    pipe,    // what it writes is kept for the test
    closed,  // it has no such descriptor
    full,    // /dev/full: every write fails
    broken,  // a pipe that nobody reads
    stuck,   // a pipe that is full already
  };
  Output output = Output::pipe;
  // Standard error, and standard output where that is `pipe`, are one terminal; all is kept as output.
  bool terminal = false;
  std::map<std::string, std::string> environment;  // added to the one of the test
};

// A running program. Functions that wait throw std::runtime_error after two minutes, with what was written
// until then.
class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});
  // Kills it if it runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;

  // Waits for `text` on standard output, from its beginning on.
  void wait_for_output(const std::string& text);
  void wait_for_error(const std::string& text);
  // Waits for the first whole line of standard output, and gives it.
  [[nodiscard]] std::string first_line();

  // Waits for the end. The exit code, or minus the number of the signal that ended it. What it wrote is
  // complete then.
  int wait();

  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string error() const;

 private:
  struct Stream {
    int fd = -1;
    std::string text;
    bool ended = false;
    std::thread reader;
  };

  void start_reader(Stream& stream, int fd);
  void wait_for(const Stream& stream, const std::string& text);
  [[noreturn]] void time_out(const std::string& awaited) const;

  pid_t pid_ = -1;
  int pidfd_ = -1;
  int held_ = -1;  // the end of the pipe that nobody reads
  int status_ = 0;
  bool ended_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Stream output_;
  Stream error_;
};

// What a program did, for one that ends by itself.
struct Ended {
  int status = 0;
  std::string output;
  std::string error;
};
[[nodiscard]] Ended run(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

// Some process, most likely not a child of the test, that writes its number ($$) into a named pipe.
class Reported {
 public:
  Reported();
  ~Reported();
  Reported(const Reported&) = delete;
  Reported& operator=(const Reported&) = delete;

  // For the shell: writes the shell's number into the pipe.
  [[nodiscard]] std::string command() const { return "echo $$ > " + path_; }
  // Waits for the next number, and holds on to that process.
  void wait_for_report();
  [[nodiscard]] bool alive() const;
  // Waits until every process that reported has ended; false after two minutes.
  [[nodiscard]] bool all_end() const;

 private:
  std::string directory_;
  std::string path_;
  int pipe_ = -1;
  std::vector<int> pidfds_;
};

}  // namespace mesosio::tool::test
