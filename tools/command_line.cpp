// One subcommand's options, by Boost.Program_options.
#include "tools/command_line.hpp"

#include <mesosio/error.hpp>

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <sstream>
#include <utility>

namespace mesosio::tool {
namespace {

namespace po = boost::program_options;

constexpr unsigned width = 100;
constexpr unsigned least_description_width = 66;

}  // namespace

CommandLine::CommandLine(std::string summary, std::string notes)
    : summary_(std::move(summary)),
      notes_(std::move(notes)),
      options_("options", width, least_description_width) {
  options_.add_options()("help,h", "Show this text.");
}

void CommandLine::add(const std::string& name, const std::string& value_name,
                      const std::string& description) {
  auto* value = po::value<std::string>()->value_name(value_name);
  options_.add_options()(name.c_str(), value, description.c_str());
}

void CommandLine::add(const std::string& name, const std::string& value_name,
                      const std::string& default_value, const std::string& description) {
  // The default is told in the description: po would put it between name and text, where it breaks the
  // columns.
  auto* value = po::value<std::string>()->value_name(value_name)->default_value(default_value, "");
  options_.add_options()(name.c_str(), value, description.c_str());
}

void CommandLine::add_required(const std::string& name, const std::string& value_name,
                               const std::string& description) {
  auto* value = po::value<std::string>()->value_name(value_name)->required();
  options_.add_options()(name.c_str(), value, description.c_str());
}

void CommandLine::add_list(const std::string& name, const std::string& value_name,
                           const std::string& description) {
  auto* value = po::value<std::vector<std::string>>()->value_name(value_name)->composing();
  options_.add_options()(name.c_str(), value, description.c_str());
}

bool CommandLine::parse(const Arguments& arguments) {
  // A part of an option's name is not enough: what it means would change with the next version.
  constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    const po::parsed_options parsed = po::command_line_parser(arguments).options(options_).style(style).run();
    for (const auto& option : parsed.options) {
      if (option.string_key == "help") return false;
    }
    for (const auto& option : parsed.options) {
      if (option.position_key >= 0) {
        const std::string value = option.value.empty() ? std::string() : option.value.front();
        throw UsageError("'" + printable(value, 100) + "' is not an option; expected --NAME VALUE");
      }
    }
    po::store(parsed, values_);
    po::notify(values_);
  } catch (const po::error& error) {
    throw UsageError(printable(error.what(), 300));
  }
  return true;
}

std::string CommandLine::help() const {
  constexpr unsigned name_width = 28;
  std::ostringstream described;
  options_.print(described, name_width);
  // Where po breaks a line it leaves the space that was there.
  std::string text;
  std::string line;
  for (std::istringstream lines(described.str()); std::getline(lines, line);) {
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return summary_ + '\n' + text + '\n' + notes_;
}

bool CommandLine::has(const std::string& name) const {
  return values_.count(name) != 0;
}

std::string CommandLine::text(const std::string& name) const {
  return has(name) ? values_[name].as<std::string>() : std::string();
}

std::vector<std::string> CommandLine::list(const std::string& name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

}  // namespace mesosio::tool
