#include "common/rpc/node_main.h"
#include "services/carriers/service.h"

int main(int argc, char** argv) {
  return teilhabe::rpc::RunNode("carriersd", argc, argv, [](const teilhabe::rpc::NodeRuntime& runtime) {
    using teilhabe::carriers::CarriersServiceImpl;
    const auto carriers =
        std::make_shared<CarriersServiceImpl>(teilhabe::carriers::CompetenceRules::Embedded(), runtime.gatekeeper);
    return teilhabe::rpc::NodeServices{{{CarriersServiceImpl::kName, carriers.get()}}, nullptr, nullptr, carriers};
  });
}
