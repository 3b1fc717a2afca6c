// Writes to descriptors without any buffer of its own, so that each line is out when the call returns.
#include "tools/console.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace mesosio::tool {
namespace {

bool is_live() {
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void write_error(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// The columns of the terminal; a longer line would wrap, and could not be taken back.
std::size_t columns() {
  winsize size{};
  constexpr std::size_t usual = 80;
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

}  // namespace

Console::Console()
    : live_(is_live()),
      shared_(::isatty(STDOUT_FILENO) == 1),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "cannot make an eventfd");
}

Console::~Console() {
  {
    const std::lock_guard lock(mutex_);
    clear();
  }
  ::close(wake_);
}

bool Console::print(std::string_view line) {
  std::unique_lock lock(mutex_, std::defer_lock);
  if (live_ && shared_) {
    lock.lock();
    clear();
  }
  const int error = write_out(std::string(line) + '\n');
  if (!lock.owns_lock()) lock.lock();
  if (error != 0 && error != ECANCELED) output_error_ = std::generic_category().message(error);
  draw();
  return error == 0;
}

int Console::write_out(std::string_view text) const {
  while (!text.empty()) {
    // A pipe that poll() calls writable takes PIPE_BUF bytes without waiting.
    pollfd watched[] = {{STDOUT_FILENO, POLLOUT, 0}, {wake_, POLLIN, 0}};
    if (::poll(watched, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (given_up_) return ECANCELED;
    const std::size_t chunk = std::min<std::size_t>(text.size(), PIPE_BUF);
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), chunk);
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void Console::give_up() {
  given_up_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
}

std::string Console::output_error() const {
  const std::lock_guard lock(mutex_);
  return output_error_;
}

void Console::tell(std::string_view line) {
  const std::lock_guard lock(mutex_);
  clear();
  write_error(std::string(line) + '\n');
  draw();
}

void Console::show(std::string text) {
  if (!live_) return;
  const std::lock_guard lock(mutex_);
  if (text == shown_) return;
  clear();
  shown_ = std::move(text);
  draw();
}

void Console::clear() {
  if (!drawn_) return;
  write_error("\r\x1b[K");
  drawn_ = false;
}

void Console::draw() {
  if (shown_.empty() || drawn_) return;
  // One column less: a full line leaves some terminals at the start of the next one.
  write_error(std::string_view(shown_).substr(0, columns() - 1));
  drawn_ = true;
}

}  // namespace mesosio::tool
