#include "common/rpc/node_main.h"
#include "services/eligibility/service.h"

int main(int argc, char** argv) {
  return teilhabe::rpc::RunNode("teilhabe-eligibility", argc, argv, [](const teilhabe::rpc::NodeRuntime& runtime) {
    using teilhabe::eligibility::EligibilityServiceImpl;
    const auto eligibility = std::make_shared<EligibilityServiceImpl>(runtime.gatekeeper);
    return teilhabe::rpc::NodeServices{
        {{EligibilityServiceImpl::kName, eligibility.get()}}, nullptr, nullptr, eligibility};
  });
}
