// The messages between the task supervisor and its helper process; both sides compile this one header.
// They always come from one build and run on one machine, so numbers travel in the machine's own byte order.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace mesosio::local::reaper {

inline constexpr int socket_fd = 3;  // where the helper finds its end of the socket pair
inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::size_t max_request = 16U << 20U;  // a launch carries a whole environment
inline constexpr std::size_t max_report = 256;          // what the helper sends has a fixed size

// How far the start of a task came before it failed.
enum class Stage : std::uint8_t { process, session, output_file, error_file, directory, program };

// Supervisor to helper. `token` is the supervisor's number for a task; it is never used twice.
struct Launch {
  std::uint64_t token = 0;
  std::string program;                   // looked up in the PATH of `environment`
  std::vector<std::string> arguments;    // argv[0] included
  std::vector<std::string> environment;  // NAME=value
  std::string directory;                 // empty: the helper's own
  std::string output_file;               // empty: /dev/null
  std::string error_file;
};
struct Signal {
  std::uint64_t token = 0;
  std::int32_t number = 0;
};

// Helper to supervisor.
struct Ready {
  std::uint32_t version = protocol_version;
};
struct Started {
  std::uint64_t token = 0;
  std::int32_t pid = 0;
};
struct Failed {
  std::uint64_t token = 0;
  std::uint8_t stage = 0;
  std::int32_t error = 0;  // an errno
};
struct Exited {
  std::uint64_t token = 0;
  std::int32_t status = 0;  // as from waitpid
};

using Message = std::variant<Launch, Signal, Ready, Started, Failed, Exited>;

// The fields of each message in their order on the wire, once for writing and reading.
template <class M, class T>
concept Either = std::same_as<std::remove_const_t<M>, T>;

template <class Archive, Either<Launch> M>
void fields(Archive& archive, M& m) {
  archive(m.token);
  archive(m.program);
  archive(m.arguments);
  archive(m.environment);
  archive(m.directory);
  archive(m.output_file);
  archive(m.error_file);
}
template <class Archive, Either<Signal> M>
void fields(Archive& archive, M& m) {
  archive(m.token);
  archive(m.number);
}
template <class Archive, Either<Ready> M>
void fields(Archive& archive, M& m) {
  archive(m.version);
}
template <class Archive, Either<Started> M>
void fields(Archive& archive, M& m) {
  archive(m.token);
  archive(m.pid);
}
template <class Archive, Either<Failed> M>
void fields(Archive& archive, M& m) {
  archive(m.token);
  archive(m.stage);
  archive(m.error);
}
template <class Archive, Either<Exited> M>
void fields(Archive& archive, M& m) {
  archive(m.token);
  archive(m.status);
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  template <std::integral T>
  void operator()(T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out_.append(bytes, sizeof(T));
  }
  void operator()(const std::string& text) {
    (*this)(static_cast<std::uint64_t>(text.size()));
    out_ += text;
  }
  void operator()(const std::vector<std::string>& list) {
    (*this)(static_cast<std::uint64_t>(list.size()));
    for (const std::string& text : list) (*this)(text);
  }

 private:
  std::string& out_;
};

// Reads until the first field that does not fit; `complete` tells whether all did and nothing was left over.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <std::integral T>
  void operator()(T& value) {
    if (bytes_.size() < sizeof(T)) ok_ = false;
    if (!ok_) return;
    std::memcpy(&value, bytes_.data(), sizeof(T));
    bytes_.remove_prefix(sizeof(T));
  }
  void operator()(std::string& text) {
    const std::uint64_t size = count(1);
    if (!ok_) return;
    text.assign(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
  }
  void operator()(std::vector<std::string>& list) {
    const std::uint64_t size = count(sizeof(std::uint64_t));
    for (std::uint64_t i = 0; ok_ && i < size; ++i) (*this)(list.emplace_back());
  }
  [[nodiscard]] bool complete() const { return ok_ && bytes_.empty(); }

 private:
  // A number of things of at least `least` bytes each; more than can follow is refused before anything is
  // reserved.
  std::uint64_t count(std::size_t least) {
    std::uint64_t value = 0;
    (*this)(value);
    if (value > bytes_.size() / least) ok_ = false;
    return value;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

// A frame: the length of what follows (32 bits), which message it is (8 bits), its fields.
[[nodiscard]] inline std::string encode(const Message& message) {
  std::string frame(sizeof(std::uint32_t), '\0');
  Writer writer(frame);
  writer(static_cast<std::uint8_t>(message.index()));
  std::visit([&](const auto& m) { fields(writer, m); }, message);
  const auto length = static_cast<std::uint32_t>(frame.size() - sizeof(std::uint32_t));
  std::memcpy(frame.data(), &length, sizeof(length));
  return frame;
}

template <std::size_t I = 0>
[[nodiscard]] std::optional<Message> decode(std::size_t kind, std::string_view bytes) {
  if constexpr (I < std::variant_size_v<Message>) {
    if (kind != I) return decode<I + 1>(kind, bytes);
    std::variant_alternative_t<I, Message> message;
    Reader reader(bytes);
    fields(reader, message);
    if (reader.complete()) return Message(std::move(message));
  }
  return std::nullopt;
}

// Cuts the bytes of the socket into messages and never holds more than one frame plus what was appended last.
class Frames {
 public:
  explicit Frames(std::size_t limit) : limit_(limit) {}

  void append(std::string_view bytes) { buffer_ += bytes; }

  // The next whole message. Nothing: more bytes are needed or, for good, `broken`.
  [[nodiscard]] std::optional<Message> next() {
    const std::string_view rest = std::string_view(buffer_).substr(taken_);
    std::uint32_t length = 0;
    if (broken_ || rest.size() < sizeof(length)) return wait();
    std::memcpy(&length, rest.data(), sizeof(length));
    broken_ = length == 0 || length > limit_;
    if (broken_ || rest.size() - sizeof(length) < length) return wait();
    const std::string_view frame = rest.substr(sizeof(length), length);
    std::optional<Message> message = decode(static_cast<unsigned char>(frame[0]), frame.substr(1));
    broken_ = !message;
    taken_ += sizeof(length) + length;
    return message;
  }

  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::nullopt_t wait() {
    buffer_.erase(0, taken_);
    taken_ = 0;
    if (buffer_.empty() && buffer_.capacity() > (1U << 20U)) buffer_.shrink_to_fit();
    return std::nullopt;
  }

  std::size_t limit_;
  std::string buffer_;
  std::size_t taken_ = 0;  // bytes of the buffer that earlier messages used up
  bool broken_ = false;
};

}  // namespace mesosio::local::reaper
