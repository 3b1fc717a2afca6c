// Programs run by tests, by posix_spawn, a thread for each stream and a descriptor for the process.
#include "tools/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

extern char** environ;

namespace mesosio::tool::test {
namespace {

constexpr auto limit = std::chrono::minutes(2);
constexpr int limit_ms = 120'000;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int checked(int result, const char* what) {
  if (result < 0) fail(what);
  return result;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  checked(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  return ends;
}

// A terminal's two ends: ours first.
std::array<int, 2> make_terminal() {
  const int ours = checked(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "posix_openpt");
  std::array<char, 128> name{};
  if (::grantpt(ours) != 0 || ::unlockpt(ours) != 0 || ::ptsname_r(ours, name.data(), name.size()) != 0) {
    fail("terminal");
  }
  return {ours, checked(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC), name.data())};
}

void fill(int pipe) {
  const std::string block(4096, 'x');
  checked(::fcntl(pipe, F_SETFL, O_NONBLOCK), "fcntl");
  while (::write(pipe, block.data(), block.size()) > 0) {
  }
  checked(::fcntl(pipe, F_SETFL, 0), "fcntl");
}

int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
}

bool ends_in_time(int pidfd) {
  pollfd watched{pidfd, POLLIN, 0};
  return ::poll(&watched, 1, limit_ms) == 1;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (added.count(text.substr(0, text.find('='))) == 0) all.push_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + '=' + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  using Output = ProcessOptions::Output;
  std::array<int, 2> out{-1, -1};
  std::array<int, 2> err = options.terminal ? make_terminal() : make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  if (options.output == Output::closed) {
    ::posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO);
  } else if (options.output == Output::full) {
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/full", O_WRONLY, 0);
  } else if (options.terminal && options.output == Output::pipe) {
    ::posix_spawn_file_actions_adddup2(&actions, err[1], STDOUT_FILENO);
  } else {
    out = make_pipe();
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (options.output == Output::stuck) fill(out[1]);
  }

  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<std::string> words = arguments;
  std::vector<std::string> variables = environment_with(options.environment);
  errno = ::posix_spawn(&pid_, words.front().c_str(), &actions, &attributes, pointers(words).data(),
                        pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (errno != 0) fail("cannot start " + words.front());
  pidfd_ = checked(open_pidfd(pid_), "pidfd_open");

  ::close(err[1]);
  if (out[1] >= 0) ::close(out[1]);
  if (options.output == Output::broken) {
    ::close(out[0]);
  } else if (options.output == Output::stuck) {
    held_ = out[0];
  } else if (out[0] >= 0) {
    start_reader(output_, out[0]);
  }
  start_reader(options.terminal ? output_ : error_, err[0]);
}

Process::~Process() {
  if (!ended_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (Stream* stream : {&output_, &error_}) {
    if (stream->reader.joinable()) stream->reader.join();
    if (stream->fd >= 0) ::close(stream->fd);
  }
  if (held_ >= 0) ::close(held_);
  ::close(pidfd_);
}

void Process::start_reader(Stream& stream, int fd) {
  if (stream.reader.joinable()) throw std::logic_error("one stream has two sources");
  stream.fd = fd;
  stream.reader = std::thread([this, &stream, fd] {
    std::array<char, 4096> chunk{};
    for (;;) {
      const ssize_t size = ::read(fd, chunk.data(), chunk.size());
      if (size < 0 && errno == EINTR) continue;
      const std::lock_guard lock(mutex_);
      // A terminal ends with EIO when its last user has closed it.
      stream.ended = size <= 0;
      if (size > 0) stream.text.append(chunk.data(), static_cast<std::size_t>(size));
      changed_.notify_all();
      if (stream.ended) return;
    }
  });
}

void Process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

void Process::time_out(const std::string& awaited) const {
  throw std::runtime_error("waited in vain for " + awaited + "; output: " + output_.text +
                           "; error: " + error_.text);
}

void Process::wait_for(const Stream& stream, const std::string& text) {
  std::unique_lock lock(mutex_);
  const auto there = [&] { return stream.text.find(text) != std::string::npos; };
  changed_.wait_for(lock, limit, [&] { return there() || stream.ended; });
  if (!there()) time_out("'" + text + "'");
}

void Process::wait_for_output(const std::string& text) {
  wait_for(output_, text);
}

void Process::wait_for_error(const std::string& text) {
  wait_for(error_, text);
}

std::string Process::first_line() {
  wait_for(output_, "\n");
  const std::lock_guard lock(mutex_);
  return output_.text.substr(0, output_.text.find('\n'));
}

int Process::wait() {
  if (!ended_) {
    if (!ends_in_time(pidfd_)) {
      const std::lock_guard lock(mutex_);
      time_out("the end of the process");
    }
    checked(::waitpid(pid_, &status_, 0), "waitpid");
    ended_ = true;
  }
  std::unique_lock lock(mutex_);
  const auto complete = [&] {
    return (output_.ended || !output_.reader.joinable()) && (error_.ended || !error_.reader.joinable());
  };
  // Whoever inherited its descriptors has ended too.
  if (!changed_.wait_for(lock, limit, complete)) time_out("the end of the output");
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
}

std::string Process::output() const {
  const std::lock_guard lock(mutex_);
  return output_.text;
}

std::string Process::error() const {
  const std::lock_guard lock(mutex_);
  return error_.text;
}

Ended run(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  Process process(arguments, options);
  Ended ended;
  ended.status = process.wait();
  ended.output = process.output();
  ended.error = process.error();
  return ended;
}

Reported::Reported() {
  std::string name = "/tmp/mesosio-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) fail("mkdtemp");
  directory_ = name;
  path_ = directory_ + "/numbers";
  checked(::mkfifo(path_.c_str(), 0600), "mkfifo");
  pipe_ = checked(::open(path_.c_str(), O_RDWR | O_CLOEXEC), "open");
}

Reported::~Reported() {
  for (const int pidfd : pidfds_) ::close(pidfd);
  ::close(pipe_);
  ::unlink(path_.c_str());
  ::rmdir(directory_.c_str());
}

void Reported::wait_for_report() {
  std::string line;
  while (line.empty() || line.back() != '\n') {
    pollfd watched{pipe_, POLLIN, 0};
    if (::poll(&watched, 1, limit_ms) != 1) throw std::runtime_error("no process reported itself");
    char byte = 0;
    if (::read(pipe_, &byte, 1) == 1) line += byte;
  }
  pidfds_.push_back(checked(open_pidfd(std::stoi(line)), "pidfd_open of a process that reported itself"));
}

bool Reported::alive() const {
  return std::all_of(pidfds_.begin(), pidfds_.end(), [](int pidfd) {
    pollfd watched{pidfd, POLLIN, 0};
    return ::poll(&watched, 1, 0) == 0;
  });
}

bool Reported::all_end() const {
  return std::all_of(pidfds_.begin(), pidfds_.end(), ends_in_time);
}

}  // namespace mesosio::tool::test
