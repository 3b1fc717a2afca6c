// The helper as a child of this process: starting it, its socket, and its end.
#include "local/reaper/helper_process.hpp"

#include "local/reaper/helper_path.hpp"
#include "local/reaper/protocol.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace mesosio::local::reaper {
namespace {

using Clock = std::chrono::steady_clock;

std::string words(int error) {
  return std::generic_category().message(error);
}

// Waits until there is something to read. False: `deadline` has passed.
bool readable(int fd, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd watched{fd, POLLIN, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 && left <= 0) return false;
  }
}

// What posix_spawn shall do in the child; each step keeps the first error.
class SpawnPlan {
 public:
  explicit SpawnPlan(int socket) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    // The socket first: its number may be one of those that are replaced.
    keep(::posix_spawn_file_actions_adddup2(&actions_, socket, socket_fd));
    keep(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
    keep(::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0));
    keep(::posix_spawn_file_actions_addclosefrom_np(&actions_, socket_fd + 1));
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    keep(::posix_spawnattr_setsigmask(&attributes_, &none));
    keep(::posix_spawnattr_setsigdefault(&attributes_, &all));
    // A session of its own: Ctrl-C on the terminal is for this process alone, the helper follows it.
    keep(::posix_spawnattr_setflags(&attributes_,
                                    POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  [[nodiscard]] int spawn(pid_t& pid, const std::string& path) const {
    if (error_ != 0) return error_;
    std::string title =
        std::string(helper_name) + ": runs the tasks of process " + std::to_string(::getpid());
    std::array<char*, 2> arguments{title.data(), nullptr};
    // The environment is passed on for the sake of the dynamic linker; neither side looks into it, and no
    // task gets it.
    return ::posix_spawn(&pid, path.c_str(), &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  void keep(int error) {
    if (error_ == 0) error_ = error;
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  int error_ = 0;
};

}  // namespace

HelperProcess::~HelperProcess() {
  end(std::chrono::seconds(5));
}

Error HelperProcess::start(const std::string& path, std::chrono::milliseconds limit) {
  std::array<int, 2> ends{};
  // Closed on exec on both sides, so that no other child of this process ever holds them.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return {errc::connect_failed, "the task helper was not started: no socket pair: " + words(errno), {}};
  }
  const int failed = SpawnPlan(ends[1]).spawn(pid_, path);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    return {errc::connect_failed,
            "the task helper '" + printable(path) + "' cannot be run: " + words(failed),
            {}};
  }
  socket_ = ends[0];
  ended_ = false;
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0U));
  if (Error error = greeting(path, limit)) {
    // Not our helper: nothing tells what it would do at the end of its input.
    kill_helper();
    collect();
    if (!ending_.empty()) error.message += " (it was " + ending_ + ")";
    return error;
  }
  return {};
}

Error HelperProcess::greeting(const std::string& path, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  const auto wrong = [&](const std::string& what) {
    return Error{errc::connect_failed,
                 "'" + printable(path) + "' " + what + "; expected " + helper_name + " of this build",
                 {}};
  };
  Frames frames(max_report);
  for (;;) {
    if (!readable(socket_, deadline))
      return wrong("did not answer within " + std::to_string(limit.count()) + " ms");
    std::array<char, max_report> chunk;
    const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size <= 0) return wrong("ended instead of answering");
    frames.append({chunk.data(), static_cast<std::size_t>(size)});
    const auto message = frames.next();
    const auto* ready = message ? std::get_if<Ready>(&*message) : nullptr;
    if (ready != nullptr && ready->version == protocol_version) return {};
    if (ready != nullptr) {
      return wrong("speaks version " + std::to_string(ready->version) + " of the protocol, not " +
                   std::to_string(protocol_version));
    }
    if (message || frames.broken()) return wrong("answered with something else than the helper's greeting");
  }
}

int HelperProcess::open_socket() const {
  return ::fcntl(socket_, F_DUPFD_CLOEXEC, 0);
}

void HelperProcess::end(std::chrono::milliseconds limit) {
  if (ended_) return;
  // Not close: a process that was forked from this one may hold the descriptor too.
  ::shutdown(socket_, SHUT_WR);
  if (!drained(limit)) kill_helper();
  collect();
}

// The helper closes its end by its own end, when all tasks are dead.
bool HelperProcess::drained(std::chrono::milliseconds limit) const {
  const auto deadline = Clock::now() + limit;
  while (readable(socket_, deadline)) {
    std::array<char, 4096> chunk;
    const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EINTR && errno != EAGAIN)) return true;
  }
  return false;
}

void HelperProcess::kill_helper() const {
  // Where SIGCHLD is ignored its number may belong to another process by now; the descriptor never does.
  if (pidfd_ >= 0) {
    ::syscall(SYS_pidfd_send_signal, pidfd_, SIGKILL, nullptr, 0U);
  } else {
    ::kill(pid_, SIGKILL);
  }
}

void HelperProcess::collect() {
  int status = 0;
  pid_t collected = -1;
  // ECHILD where the process has SIGCHLD ignored, or waits for any child itself; by then it has ended as
  // well.
  while ((collected = ::waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
  }
  if (collected == pid_ && WIFEXITED(status)) {
    ending_ = "ended with exit status " + std::to_string(WEXITSTATUS(status));
  } else if (collected == pid_ && WIFSIGNALED(status)) {
    ending_ = "ended by signal " + std::to_string(WTERMSIG(status));
  }
  ::close(socket_);
  if (pidfd_ >= 0) ::close(pidfd_);
  socket_ = pidfd_ = -1;
  ended_ = true;
}

}  // namespace mesosio::local::reaper
