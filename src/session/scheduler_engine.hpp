// The one place that turns the policy's actions into I/O: a framework's subscription, its events and its
// calls.
#pragma once

#include "codec/message.hpp"
#include "net/connect.hpp"
#include "net/event_stream.hpp"
#include "policy/scheduler_session.hpp"
#include "session/event_pool.hpp"
#include "session/event_queue.hpp"
#include "session/outgoing_calls.hpp"

#include <mesosio/call_result.hpp>
#include <mesosio/detail/completion.hpp>
#include <mesosio/detail/encoded_call.hpp>
#include <mesosio/scheduler_config.hpp>
#include <mesosio/scheduler_event.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace mesosio::session {

using RunHandler = detail::Completion<error_code>;
using ReceiveHandler = detail::Completion<error_code, SchedulerReceived>;
using ReceiveRawHandler = detail::Completion<error_code, SchedulerReceivedRaw>;

// All public functions may be called on any thread; everything else happens on the strand.
class SchedulerEngine final : public std::enable_shared_from_this<SchedulerEngine>,
                              private net::EventStreamHandler {
 public:
  static std::shared_ptr<SchedulerEngine> create(const boost::asio::any_io_executor& executor,
                                                 SchedulerConfig config,
                                                 net::Connector connector = &net::async_connect);
  ~SchedulerEngine() override;

  [[nodiscard]] boost::asio::any_io_executor executor() const { return executor_; }

  void run(RunHandler handler);
  void receive(ReceiveHandler handler);
  void receive_raw(ReceiveRawHandler handler);
  bool try_receive(SchedulerReceived& received);
  void call(detail::EncodedCall call, CallHandler handler);
  void cancel();

  [[nodiscard]] ClientStats stats() const;
  [[nodiscard]] Error run_error() const;
  [[nodiscard]] std::string framework_id() const;

 private:
  SchedulerEngine(const boost::asio::any_io_executor& executor, SchedulerConfig config,
                  net::Connector connector);

  // What a cancellation means. Both its ends run on the strand, in the order in which they were made.
  struct Ticket {
    std::uint64_t call_id = 0;
  };

  // net::EventStreamHandler. A closed stream calls no more, so that each call is of stream_attempt_.
  void on_connected() override;
  void on_head(net::ResponseHead head) override;
  bool on_record(std::string_view record) override;
  void on_batch_end() override;
  void on_end(Error error) override;

  // What to tell the policy of a record; sets incoming_ to what the consumer is to get.
  [[nodiscard]] policy::Input take_in(std::string_view record);
  [[nodiscard]] policy::Input take_in_raw(std::string_view record);
  [[nodiscard]] policy::Input take_in_undecoded(Error error, std::string_view record);
  [[nodiscard]] policy::Input input_of(const scheduler::Event& event) const;

  // Runs one input through the policy and carries out what it says.
  void apply(const policy::Input& input);
  void carry_out(policy::action::Connect& action);
  void carry_out(policy::action::SendSubscribe& action);
  void carry_out(policy::action::CloseStream& action);
  void carry_out(policy::action::SetTimer& action);
  void carry_out(policy::action::CancelTimers& action);
  void carry_out(policy::action::PollStream& action);
  void carry_out(policy::action::OpenCalls& action);
  void carry_out(policy::action::CloseCalls& action);
  void carry_out(policy::action::Deliver& action);
  void carry_out(policy::action::DeliverDisconnected& action);
  void carry_out(policy::action::End& action);
  void carry_out(policy::action::Log& action);

  void start_run(RunHandler handler);
  template <class Handler>
  void initiate_receive(Handler handler, std::optional<Handler> SchedulerEngine::*place, ReceiveMode mode);
  void cancel_receive(const std::shared_ptr<Ticket>& ticket);
  void abort_receive();
  // Gives the waiting receiver, if there is one, the next item or the end of the run.
  void wake_receiver();
  bool pop(QueueItem& item);
  void resume_reads();
  void publish_state();
  [[nodiscard]] boost::asio::steady_timer& timer(policy::Timer which);

  const SchedulerConfig config_;
  const net::Connector connector_;
  const codec::ParseLimits parse_limits_;
  boost::asio::any_io_executor executor_;  // the strand
  const std::shared_ptr<detail::EventPool> pool_;
  std::shared_ptr<OutgoingCalls> calls_;  // never null
  const std::uint64_t seed_;
  std::optional<policy::SchedulerSession> session_;
  policy::Actions spare_actions_;
  std::shared_ptr<net::EventStream> stream_;
  policy::Attempt stream_attempt_ = 0;
  boost::asio::steady_timer retry_timer_;
  boost::asio::steady_timer response_timer_;
  boost::asio::steady_timer heartbeat_timer_;

  std::optional<RunHandler> run_handler_;
  std::shared_ptr<Ticket> run_ticket_;  // of the current run, if it can be cancelled
  bool ended_ = false;                  // a run has ended and none is going on
  EventQueue queue_;
  bool reads_paused_ = false;
  QueueItem incoming_;  // what the policy may decide to deliver
  std::optional<ReceiveHandler> receiver_;
  std::optional<ReceiveRawHandler> raw_receiver_;
  std::shared_ptr<Ticket> receive_ticket_;  // of the waiting receiver, if it can be cancelled
  std::atomic<bool> receiver_waits_{false};
  bool in_record_ = false;  // the receiver is woken when the batch ends, not for each record
  bool cancelled_ = false;
  std::uint64_t last_call_id_ = 0;

  struct Counters {
    std::atomic<std::uint64_t> subscriptions{0};
    std::atomic<std::uint64_t> disconnections{0};
    std::atomic<std::uint64_t> attempts{0};
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint64_t> undecoded_events{0};
    std::atomic<std::uint64_t> event_bytes{0};
  };
  Counters counters_;
  mutable std::mutex shared_mutex_;  // guards what other threads may ask for
  ConnectionState shared_state_ = ConnectionState::disconnected;
  Error run_error_;
  std::string framework_id_;
};

}  // namespace mesosio::session
