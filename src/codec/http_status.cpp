// Status codes by their meaning in the scheduler API.
#include "codec/http_status.hpp"

#include <algorithm>

namespace mesosio::codec {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_letter(char a, char b) {
  return lower(a) == lower(b);
}

bool contains(std::string_view text, std::string_view words) {
  return std::search(text.begin(), text.end(), words.begin(), words.end(), same_letter) != text.end();
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

const char* meaning(int status) {
  switch (status) {
    case 307:
    case 308:
      return "it is not the leading master";
    case 400:
      return "the request is not valid";
    case 401:
      return "it wants other credentials";
    case 403:
      return "the framework is not allowed to subscribe";
    case 404:
      return "it does not know this path, a master that has just started or not "
             "a master";
    case 405:
    case 406:
    case 415:
    case 501:
      return "it does not take this kind of request, so it is hardly a Mesos "
             "master of version 1";
    case 503:
      return "the master is recovering or knows no leader";
    case 429:
    case 500:
    case 502:
    case 504:
      return "it, or a proxy before it, cannot answer now";
    default:
      return "no Mesos master answers so; is this the URL of one?";
  }
}

}  // namespace

SubscribeAnswer classify_subscribe(int status) noexcept {
  switch (status) {
    case 200:
      return SubscribeAnswer::accepted;
    case 307:
    case 308:
      return SubscribeAnswer::redirect;
    case 401:
      return SubscribeAnswer::unauthorized;
    case 404:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return SubscribeAnswer::retry;
    case 400:
    case 403:
    case 405:
    case 406:
    case 415:
    case 501:
      return SubscribeAnswer::refused;
    default:
      return SubscribeAnswer::not_a_master;
  }
}

CallAnswer classify_call(int status, std::string_view body) noexcept {
  switch (status) {
    case 200:
    case 202:
      return CallAnswer::accepted;
    case 307:
    case 308:
      return CallAnswer::redirected;
    case 401:
      return CallAnswer::unauthorized;
    case 403: {
      const bool lost = contains(body, "not subscribed") || contains(body, "not connected");
      return lost ? CallAnswer::not_subscribed : CallAnswer::refused;
    }
    case 404:
    case 429:
    case 502:
    case 503:
    case 504:
      return CallAnswer::unavailable;
    default:
      return CallAnswer::refused;
  }
}

std::string explain_subscribe(int status) {
  return "HTTP status " + std::to_string(status) + " to SUBSCRIBE: " + meaning(status);
}

bool valid_stream_id(std::string_view value) noexcept {
  return !value.empty() && value.size() <= 128 &&
         std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool expected_content_type(std::string_view value, std::string_view expected) noexcept {
  const std::string_view type = trimmed(value.substr(0, value.find(';')));
  return std::equal(type.begin(), type.end(), expected.begin(), expected.end(), same_letter);
}

std::string_view to_string(SubscribeAnswer answer) noexcept {
  switch (answer) {
    case SubscribeAnswer::accepted:
      return "accepted";
    case SubscribeAnswer::retry:
      return "retry";
    case SubscribeAnswer::redirect:
      return "redirect";
    case SubscribeAnswer::unauthorized:
      return "unauthorized";
    case SubscribeAnswer::refused:
      return "refused";
    case SubscribeAnswer::not_a_master:
      return "not_a_master";
  }
  return "unknown";
}

std::string_view to_string(CallAnswer answer) noexcept {
  switch (answer) {
    case CallAnswer::accepted:
      return "accepted";
    case CallAnswer::not_subscribed:
      return "not_subscribed";
    case CallAnswer::unauthorized:
      return "unauthorized";
    case CallAnswer::redirected:
      return "redirected";
    case CallAnswer::unavailable:
      return "unavailable";
    case CallAnswer::refused:
      return "refused";
  }
  return "unknown";
}

}  // namespace mesosio::codec
