#include "services/ctl/dossier.h"

#include <cstdio>
#include <filesystem>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/day.h"
#include "common/base/durable_file.h"
#include "common/base/reason.h"
#include "common/rpc/status.h"
#include "grpcpp/channel.h"
#include "teilhabe/handover/v1/network_service.grpc.pb.h"
#include "teilhabe/participants/v1/dossier_service.grpc.pb.h"

namespace teilhabe::ctl {
namespace {

namespace parts = participants::v1;
namespace wire = dossier::v1;

std::string DayText(const google::type::Date& day) {
  return FormatDay(absl::CivilDay(day.year(), day.month(), day.day()));
}

// `CATEGORY_MEDICAL` as `medical`.
std::string Word(const std::string& name, absl::string_view prefix) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(name, prefix)), {{"_", " "}});
}

std::string GrantText(const wire::Grant& grant) {
  std::vector<std::string> words = {"procedure"};
  for (const int category : grant.categories()) {
    words.push_back(Word(wire::Category_Name(static_cast<wire::Category>(category)), "CATEGORY_"));
  }
  return absl::StrJoin(words, ", ");
}

// Whom an event is addressed to.
std::string To(const wire::EventHeader& header) {
  if (header.has_announced()) return header.announced().to();
  if (header.has_offered()) return header.offered().to();
  if (header.has_forwarded()) return header.forwarded().to();
  if (header.has_sent_outside()) return header.sent_outside().addressee();
  if (header.has_party_admitted()) return header.party_admitted().member();
  if (header.has_party_ended()) return header.party_ended().member();
  if (header.has_released()) return header.released().member();
  return header.record();
}

template <typename Request, typename Response, typename Call>
absl::Status Ask(const Session& session, const Call& call, const Request& request, Response& response) {
  const auto channel = session.Channel();
  if (!channel.ok()) return channel.status();
  const auto stub = parts::DossierService::NewStub(*channel);
  grpc::ClientContext context;
  session.Bound(context);
  return rpc::FromGrpcStatus(call(*stub, context, request, response));
}

absl::Status ListEvents(const Session& session, const std::string& dossier,
                        std::vector<std::vector<std::string>>& rows) {
  parts::ListEventsRequest request;
  request.set_dossier(dossier);
  for (request.set_from_sequence(1); request.from_sequence() != 0;) {
    parts::ListEventsResponse page;
    const absl::Status listed = Ask(
        session,
        [](auto& stub, auto& context, const auto& asked, auto& answer) {
          return stub.ListEvents(&context, asked, &answer);
        },
        request, page);
    if (!listed.ok()) return listed;
    for (const wire::SignedEvent& event : page.events()) {
      wire::EventHeader header;
      if (!header.ParseFromString(event.header())) continue;
      rows.push_back({std::to_string(header.sequence()), std::to_string(header.epoch()), DayText(header.event_day()),
                      header.author(), Word(wire::EventKind_Name(header.kind()), "EVENT_KIND_"), To(header),
                      header.legal_basis()});
    }
    request.set_from_sequence(page.next_sequence());
  }
  return absl::OkStatus();
}

void PrintState(const parts::GetDossierResponse& shown) {
  const wire::LogState& log = shown.log();
  std::printf("dossier  %s\n", log.dossier().c_str());
  std::printf("holder   %s, since epoch %lld; this node: %s\n", log.holder().c_str(),
              static_cast<long long>(log.epoch()), Word(parts::Standing_Name(shown.standing()), "STANDING_").c_str());
  std::printf("head     %lld %s\n", static_cast<long long>(log.sequence()), absl::BytesToHexString(log.head()).c_str());
  if (log.has_offer()) {
    std::printf("offer    %s to %s since %s; the log is frozen until it is answered%s\n",
                log.offer().forwarded() ? "forwarded (§ 14 SGB IX)" : "open", log.offer().to().c_str(),
                DayText(log.offer().day()).c_str(), shown.klaerung() ? "; KLÄRUNG" : "");
    std::printf("         %s\n", absl::BytesToHexString(log.offer().hash()).c_str());
  }
  for (const wire::Party& party : log.parties()) {
    if (party.ended()) continue;
    std::printf("party    %s (%s): %s\n", party.member().c_str(), party.grant().relation().c_str(),
                party.names_only() ? "names only" : GrantText(party.grant()).c_str());
  }
  for (const wire::Outside& outside : log.outsides()) {
    std::printf("outside  %s, posted %s, %s, review %s\n", outside.addressee().c_str(),
                DayText(outside.posted_day()).c_str(),
                outside.has_received_day() ? absl::StrCat("received ", DayText(outside.received_day())).c_str()
                                           : "not proved to have arrived",
                DayText(outside.review_day()).c_str());
  }
  if (!shown.pending().empty()) std::printf("pending  %d contributions are not in the log yet\n", shown.pending_size());
  for (const parts::UnconfirmedCorrection& told : shown.unconfirmed_corrections()) {
    std::printf("open     %s has not confirmed the correction in event %lld\n", told.member().c_str(),
                static_cast<long long>(told.sequence()));
  }
}

}  // namespace

int HandoverBalance(const Session& session, const std::string& peer) {
  const auto channel = session.Channel();
  if (!channel.ok()) return PrintError(channel.status());
  const auto stub = handover::v1::NetworkService::NewStub(*channel);
  handover::v1::GetBalanceRequest request;
  request.set_peer(peer);
  handover::v1::GetBalanceResponse balance;
  grpc::ClientContext context;
  session.Bound(context);
  if (const grpc::Status status = stub->GetBalance(&context, request, &balance); !status.ok()) {
    return PrintError(rpc::FromGrpcStatus(status));
  }
  if (session.format == Format::kJson) {
    PrintJson(balance);
  } else {
    std::vector<std::vector<std::string>> rows;
    for (const auto& link : balance.links()) {
      const auto row = [&](const std::string& way, std::int64_t sent, std::int64_t taken) {
        rows.push_back({link.store(), way, std::to_string(sent), std::to_string(taken), std::to_string(sent - taken)});
      };
      row("to " + peer, link.sent_sequence(), link.peer_taken_sequence());
      row("from " + peer, link.peer_sent_sequence(), link.taken_sequence());
    }
    PrintTable({"store", "way", "sent", "taken", "open"}, rows, session.format);
  }
  return balance.balanced() ? kExitOk : kExitRejected;
}

int DossierShow(const Session& session, const std::string& dossier) {
  parts::GetDossierRequest request;
  request.set_dossier(dossier);
  parts::GetDossierResponse shown;
  const absl::Status asked = Ask(
      session,
      [](auto& stub, auto& context, const auto& question, auto& answer) {
        return stub.GetDossier(&context, question, &answer);
      },
      request, shown);
  if (!asked.ok()) return PrintError(asked);
  if (session.format == Format::kJson) {
    PrintJson(shown);
    return kExitOk;
  }
  std::vector<std::vector<std::string>> rows;
  if (const absl::Status listed = ListEvents(session, dossier, rows); !listed.ok()) return PrintError(listed);
  if (session.format == Format::kTable) PrintState(shown);
  PrintTable({"event", "epoch", "day", "author", "kind", "of", "legal basis"}, rows, session.format);
  return kExitOk;
}

int DossierEvidence(const Session& session, const std::string& dossier, const std::string& path) {
  parts::ExportEvidenceRequest request;
  request.set_dossier(dossier);
  std::string exported;
  absl::Status done = Ask(
      session,
      [](auto& stub, auto& context, const auto& question, auto& file) {
        const auto reader = stub.ExportEvidence(&context, question);
        for (parts::ExportEvidenceResponse piece; reader->Read(&piece);) file += piece.bytes();
        return reader->Finish();
      },
      request, exported);
  if (done.ok()) done = WriteDurably(path, exported);
  if (!done.ok()) return PrintError(done);
  std::fprintf(stderr, "%s written\n", path.c_str());
  PrintNext(absl::StrCat("tests/verify/verify ", path, " --trust TRUST.json --ca NETWORK-CA.pem"));
  return kExitOk;
}

}  // namespace teilhabe::ctl
