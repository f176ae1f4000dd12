#include "common/rpc/node_config.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/reason.h"

namespace teilhabe::rpc {
namespace {

// TEILHABE_MAX_MESSAGE_BYTES for max-message-bytes.
std::string EnvironmentName(const std::string& option) {
  return absl::StrCat("TEILHABE_", absl::AsciiStrToUpper(absl::StrReplaceAll(option, {{"-", "_"}})));
}

bool IsGiven(const std::vector<std::string>& arguments, const std::string& option) {
  for (const std::string& argument : arguments) {
    if (argument == "--" + option || argument == "--no-" + option || argument.starts_with("--" + option + "=")) {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<NodeConfig> ReadNodeConfig(std::string_view program, int argc, const char* const* argv) {
  NodeConfig config;
  CLI::App app("Teilhabenetz: " + std::string(program), std::string(program));
  app.set_config("--config", "", "TOML file with these settings");
  app.allow_config_extras(false);
  app.set_version_flag("--version", "0.1.0");
  const std::vector<CLI::Option*> options = {
      app.add_option("--listen", config.server.listen, "HOST:PORT, loopback only; port 0 takes a free one")
          ->capture_default_str(),
      app.add_option("--data", config.data, "Folder of the databases")->capture_default_str(),
      app.add_option("--journal", config.journal, "Folder of the journal; better on another disk")
          ->capture_default_str(),
      app.add_option("--reflection", config.server.reflection, "Whether clients may ask for the contracts")
          ->capture_default_str(),
      app.add_option("--max-message-bytes", config.server.max_message_bytes, "Limit of one message")
          ->check(CLI::Range(1024, 64 << 20))
          ->capture_default_str(),
      app.add_option("--threads", config.server.max_threads, "Limit of threads that serve calls")
          ->check(CLI::Range(2, 1024))
          ->capture_default_str(),
  };
  app.add_flag("--print-config", config.print_only, "Print each setting with its origin and end")->configurable(false);

  std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::vector<std::string> given = arguments;
  std::vector<std::string> from_environment;
  for (const CLI::Option* option : options) {
    const std::string name = option->get_single_name();
    const char* value = std::getenv(EnvironmentName(name).c_str());
    if (value == nullptr || IsGiven(given, name)) continue;
    arguments.push_back(absl::StrCat("--", name, "=", value));
    from_environment.push_back(name);
  }
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes a vector from its end.
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    config.help = app.help();
    return config;
  } catch (const CLI::CallForVersion&) {
    config.help = std::string(program) + " 0.1.0\n";
    return config;
  } catch (const CLI::Error& error) {  // CLI11 reports by exceptions; none leaves this function.
    std::string field = "arguments";
    for (const CLI::Option* option : options) {
      if (std::string_view(error.what()).find("--" + option->get_single_name()) != std::string_view::npos) {
        field = option->get_single_name();
      }
    }
    return FieldError(absl::StatusCode::kInvalidArgument, "CONFIG_INVALID", field,
                      absl::StrCat(error.what(), "; see --help"));
  }
  const std::string file = app.get_config_ptr()->count() > 0 ? app.get_config_ptr()->as<std::string>() : "";
  for (const CLI::Option* option : options) {
    const std::string name = option->get_single_name();
    std::string origin = "default";
    if (IsGiven(given, name)) {
      origin = "flag";
    } else if (std::find(from_environment.begin(), from_environment.end(), name) != from_environment.end()) {
      origin = "environment " + EnvironmentName(name);
    } else if (option->count() > 0) {
      origin = "file " + file;
    }
    const std::string value = option->count() > 0 ? option->as<std::string>() : option->get_default_str();
    config.origins.push_back({name, value, origin});
  }
  return config;
}

}  // namespace teilhabe::rpc
