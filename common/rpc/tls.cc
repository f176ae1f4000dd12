#include "common/rpc/tls.h"

#include <openssl/crypto.h>

#include <cstdlib>

#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/rpc/channel.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_certificate_verifier.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace teilhabe::rpc {
namespace {

namespace tls = grpc::experimental;

// Called when a handshake is done and the chain is good; says whether the directory agrees.
class DirectoryVerifier final : public tls::ExternalCertificateVerifier {
 public:
  DirectoryVerifier(std::shared_ptr<const NodeIdentity> identity,
                    std::shared_ptr<const trust::DirectoryHolder> directory, crypto::Purpose purpose,
                    std::string expected_member)
      : identity_(std::move(identity)),
        directory_(std::move(directory)),
        purpose_(purpose),
        expected_member_(std::move(expected_member)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* status) override {
    const absl::Status checked = Check(std::string_view(request->peer_cert().data(), request->peer_cert().size()));
    if (!checked.ok()) {
      Log(LogLevel::kWarning, "peer_rejected", {{"reason", GetReason(checked)}});
      *status = grpc::Status(grpc::StatusCode::UNAUTHENTICATED, GetReason(checked));
    }
    return true;
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  absl::Status Check(std::string_view pem) const {
    const auto certificate = crypto::Certificate::FromPem(pem);
    if (!certificate.ok()) return certificate.status();
    const auto peer = trust::CheckPeer(*certificate, *directory_->Get(), identity_->network_cas, purpose_, absl::Now());
    if (!peer.ok()) return peer.status();
    if (!expected_member_.empty() && (peer->kind != trust::IdentityKind::kNode || peer->agency != expected_member_)) {
      return ReasonError(absl::StatusCode::kUnauthenticated, "PEER_UNEXPECTED", "another member answered");
    }
    return absl::OkStatus();
  }

  const std::shared_ptr<const NodeIdentity> identity_;
  const std::shared_ptr<const trust::DirectoryHolder> directory_;
  const crypto::Purpose purpose_;
  const std::string expected_member_;  // Empty: any.
};

std::shared_ptr<tls::CertificateProviderInterface> Provider(const NodeIdentity& identity, bool with_local_ca) {
  std::string roots;
  for (const crypto::Certificate& ca : identity.network_cas) roots += ca.Pem();
  if (with_local_ca) {
    const auto* own = identity.first_directory->Find(identity.self.agency);
    if (own != nullptr && own->local_ca) roots += own->local_ca->Pem();
  }
  return std::make_shared<tls::StaticDataCertificateProvider>(
      roots, std::vector<tls::IdentityKeyCertPair>{{identity.key.Pem(), identity.certificate.Pem()}});
}

template <typename Options>
void Fill(Options& options, std::shared_ptr<tls::CertificateVerifier> verifier) {
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(std::move(verifier));
}

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(
    std::shared_ptr<const NodeIdentity> identity, std::shared_ptr<const trust::DirectoryHolder> directory) {
  tls::TlsServerCredentialsOptions options(Provider(*identity, true));
  Fill(options, tls::ExternalCertificateVerifier::Create<DirectoryVerifier>(std::move(identity), std::move(directory),
                                                                            crypto::Purpose::kClient, std::string()));
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::string& member,
                                           std::shared_ptr<const NodeIdentity> identity,
                                           std::shared_ptr<const trust::DirectoryHolder> directory,
                                           const ChannelLimits& limits) {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Provider(*identity, false));
  Fill(options, tls::ExternalCertificateVerifier::Create<DirectoryVerifier>(std::move(identity), std::move(directory),
                                                                            crypto::Purpose::kServer, member));
  options.set_verify_server_certs(true);
  options.set_check_call_host(false);  // The URI says who it is; there are no host names in these certificates.
  return grpc::CreateCustomChannel(address, tls::TlsCredentials(options), MakeChannelArguments(limits));
}

void NarrowTls() {
  // At the end of a process OpenSSL would free what gRPC's threads may be shaking hands with just then.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  setenv("GRPC_SSL_CIPHER_SUITES",  // NOLINT: before any thread is started.
         "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256",
         1);
}

}  // namespace teilhabe::rpc
