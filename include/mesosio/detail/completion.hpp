/// The completion handler of an asynchronous operation with its type erased, so that the library compiles
/// once.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <functional>
#include <memory>
#include <tuple>
#include <utility>

namespace mesosio::detail {

/// Move-only; called at most once. Holds work on the handler's executor from the initiation to the
/// completion.
template <class... Args>
class Completion {
 public:
  template <std::size_t Index>
  using Argument = std::tuple_element_t<Index, std::tuple<Args...>>;

  Completion() = default;

  template <class Handler>
  Completion(Handler handler, const boost::asio::any_io_executor& fallback)
      : target_(std::make_unique<Target<Handler>>(std::move(handler), fallback)) {}

  explicit operator bool() const noexcept { return target_ != nullptr; }

  /// The slot through which the caller may cancel; not connected where the handler has none.
  [[nodiscard]] boost::asio::cancellation_slot slot() const noexcept { return target_->slot(); }

  /// Completes through the handler's executor, never inside this call: a handler may throw, destroy the
  /// client or call it again, and none of that may happen in the middle of the library's own work.
  void post(Args... args) { std::exchange(target_, nullptr)->complete(std::move(args)...); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void complete(Args... args) = 0;
    [[nodiscard]] virtual boost::asio::cancellation_slot slot() const noexcept = 0;
  };

  template <class Handler>
  struct Target final : Base {
    Target(Handler handler, const boost::asio::any_io_executor& fallback)
        : handler_(std::move(handler)),
          executor_(boost::asio::prefer(boost::asio::get_associated_executor(handler_, fallback),
                                        boost::asio::execution::outstanding_work.tracked)) {}

    void complete(Args... args) override {
      auto executor = std::move(executor_);
      auto allocator = boost::asio::get_associated_allocator(handler_);
      auto bound = [handler = std::move(handler_),
                    values = std::tuple<Args...>(std::move(args)...)]() mutable {
        // Here, where the caller may use the slot, and before the handler gives it to the next operation.
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected())
          slot.clear();
        std::apply([&](Args&... each) { std::move(handler)(std::move(each)...); }, values);
      };
      boost::asio::post(executor, boost::asio::bind_allocator(allocator, std::move(bound)));
    }

    [[nodiscard]] boost::asio::cancellation_slot slot() const noexcept override {
      return boost::asio::get_associated_cancellation_slot(handler_);
    }

    using Executor = std::decay_t<decltype(boost::asio::prefer(
        boost::asio::get_associated_executor(std::declval<const Handler&>(),
                                             std::declval<const boost::asio::any_io_executor&>()),
        boost::asio::execution::outstanding_work.tracked))>;
    Handler handler_;
    Executor executor_;
  };

  // Base::complete of a Target frees it: the caller's unique_ptr is a temporary of the full expression.
  std::unique_ptr<Base> target_;
};

}  // namespace mesosio::detail
