#include "common/rpc/node_main.h"
#include "services/carriers/service.h"

int main(int argc, char** argv) {
  teilhabe::carriers::CarriersServiceImpl carriers(teilhabe::carriers::CompetenceRules::Embedded());
  return teilhabe::rpc::RunNode("carriersd", argc, argv, {{carriers.kName, &carriers}});
}
