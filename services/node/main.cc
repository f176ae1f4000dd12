// All services of a node in one process; the only place that knows them all.
#include "common/rpc/node_main.h"
#include "services/carriers/service.h"

int main(int argc, char** argv) {
  teilhabe::carriers::CarriersServiceImpl carriers(teilhabe::carriers::CompetenceRules::Embedded());
  return teilhabe::rpc::RunNode("teilhabe-node", argc, argv, {{carriers.kName, &carriers}});
}
