// The half of the helper that starts the tasks, signals them, and reports how they end.
#include "local/reaper/worker.hpp"

#include "local/reaper/task_start.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <vector>

namespace mesosio::local::reaper {
namespace {

// With this much unread by the supervisor no request is taken, so that what waits here stays bounded: the
// reports of the tasks that exist already.
constexpr std::size_t max_waiting = 256U << 10U;

bool passing(int error) {
  return error == EINTR || error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace

void Worker::run() {
  report(Ready{});
  for (;;) {
    if (!send_waiting()) return;
    std::vector<pollfd> watched{{signals_, POLLIN, 0}, {socket_, 0, 0}};
    if (out_.size() < max_waiting) watched[1].events |= POLLIN;
    if (!out_.empty()) watched[1].events |= POLLOUT;
    for (const auto& [process, task] : tasks_) {
      if (task.start_pipe >= 0) watched.push_back({task.start_pipe, POLLIN, 0});
    }
    if (::poll(watched.data(), watched.size(), -1) < 0) {
      if (passing(errno)) continue;
      return;
    }
    for (auto& [process, task] : tasks_) look_at_start(process, task);
    if (watched[0].revents != 0 && !signalled()) return;
    if ((watched[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive()) return;
  }
}

bool Worker::receive() {
  std::array<char, 64U << 10U> chunk;
  const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT);
  if (size < 0) return passing(errno);
  if (size == 0) return false;
  in_.append({chunk.data(), static_cast<std::size_t>(size)});
  while (const auto message = in_.next()) {
    if (!handle(*message)) return false;
  }
  return !in_.broken();
}

bool Worker::send_waiting() {
  while (!out_.empty()) {
    const ssize_t size = ::send(socket_, out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0) return passing(errno);
    out_.erase(0, static_cast<std::size_t>(size));
  }
  return true;
}

bool Worker::signalled() {
  signalfd_siginfo info{};
  while (::read(signals_, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
    if (info.ssi_signo != SIGCHLD) return false;
  }
  collect();
  return true;
}

bool Worker::handle(const Message& message) {
  if (const auto* request = std::get_if<Launch>(&message)) {
    launch(*request);
  } else if (const auto* order = std::get_if<Signal>(&message)) {
    signal(*order);
  } else {
    return false;
  }
  return true;
}

void Worker::launch(const Launch& request) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return report(Failed{request.token, static_cast<std::uint8_t>(Stage::process), errno});
  }
  const pid_t worker = ::getpid();
  const pid_t process = ::fork();
  if (process == 0) become_task(request, worker, pipe[1]);
  const int error = errno;
  ::close(pipe[1]);
  if (process < 0) {
    ::close(pipe[0]);
    return report(Failed{request.token, static_cast<std::uint8_t>(Stage::process), error});
  }
  ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
  tasks_[process] = Task{request.token, pipe[0], false};
  processes_[request.token] = process;
}

void Worker::signal(const Signal& request) {
  const auto found = processes_.find(request.token);
  if (found == processes_.end()) return;
  // A process that was forked a moment ago may not have its own group yet; it will be its only member.
  if (::kill(-found->second, request.number) != 0 && errno == ESRCH) ::kill(found->second, request.number);
}

void Worker::collect() {
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0) {
      if (errno == EINTR) continue;
      return;
    }
    const pid_t process = info.si_pid;
    if (process == 0) return;
    const auto found = tasks_.find(process);
    // A task has ended when its first process has: the rest of its process group is killed, while the process
    // that was not collected yet keeps the number of the group from being given to others. What went into a
    // session of its own stays, as on an agent, but not longer than the helper.
    if (found != tasks_.end()) ::kill(-process, SIGKILL);
    int status = 0;
    while (::waitpid(process, &status, __WALL) < 0 && errno == EINTR) {
    }
    if (found == tasks_.end()) continue;
    Task& task = found->second;
    look_at_start(process, task);
    if (task.start_pipe >= 0) ::close(task.start_pipe);
    if (!task.failed) report(Exited{task.token, status});
    processes_.erase(task.token);
    tasks_.erase(found);
  }
}

void Worker::look_at_start(pid_t process, Task& task) {
  if (task.start_pipe < 0) return;
  StartFailure failure;
  const ssize_t size = ::read(task.start_pipe, &failure, sizeof(failure));
  if (size < 0 && passing(errno)) return;
  task.failed = size == static_cast<ssize_t>(sizeof(failure));
  if (task.failed) {
    report(Failed{task.token, static_cast<std::uint8_t>(failure.stage), failure.error});
  } else {
    report(Started{task.token, process});  // exec closed the pipe
  }
  ::close(task.start_pipe);
  task.start_pipe = -1;
}

}  // namespace mesosio::local::reaper
