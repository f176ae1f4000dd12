#include "common/rpc/convert.h"

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::rpc {
namespace {

using law::FactId;

absl::Status InvalidValue(FactId fact, std::string_view why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "FACT_VALUE_INVALID",
                    absl::StrCat("facts.", law::Info(fact).name), why);
}

// A list of enum values as bits; value 1 of the enum is the first of the fact's values.
template <typename Values>
absl::Status TakeSet(law::Facts& to, FactId fact, const Values& values) {
  std::int64_t bits = 0;
  const auto count = static_cast<int>(law::Info(fact).values.size());
  for (const int value : values) {
    if (value < 1 || value > count) return InvalidValue(fact, absl::StrCat(value, " is no value of this fact"));
    bits |= std::int64_t{1} << (value - 1);
  }
  if (bits != 0) to.SetRaw(fact, bits);
  return absl::OkStatus();
}

absl::Status TakeText(law::Facts& to, FactId fact, const std::string& text, const reference::Reference& reference) {
  if (text.empty()) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const std::int64_t raw, law::ParseFactValue(fact, text, reference));
  to.SetRaw(fact, raw);
  return absl::OkStatus();
}

absl::Status TakeDay(law::Facts& to, FactId fact, const google::type::Date& day) {
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay made, FromProto(day, "facts." + law::Info(fact).name));
  to.SetDay(fact, made);
  return absl::OkStatus();
}

absl::Status TakeMonths(law::Facts& to, FactId fact, int months) {
  if (months < 0 || months > 1200) return InvalidValue(fact, "expected 0 to 1200");
  to.SetRaw(fact, months);
  return absl::OkStatus();
}

template <typename AddValue>
void GiveSet(const law::Facts& from, FactId fact, AddValue add) {
  if (!from.Has(fact)) return;
  for (std::size_t at = 0; at < law::Info(fact).values.size(); ++at) {
    if ((from.Raw(fact) >> at & 1) != 0) add(static_cast<int>(at) + 1);
  }
}

}  // namespace

google::type::Date ToProto(absl::CivilDay day) {
  google::type::Date proto;
  proto.set_year(static_cast<int>(day.year()));
  proto.set_month(day.month());
  proto.set_day(day.day());
  return proto;
}

absl::StatusOr<absl::CivilDay> FromProto(const google::type::Date& day, std::string_view field) {
  return MakeDay(day.year(), day.month(), day.day(), field);
}

absl::StatusOr<law::Facts> FromProto(const teilhabe::law::v1::Facts& facts, const reference::Reference& reference) {
  law::Facts to;
  TEILHABE_RETURN_IF_ERROR(TakeSet(to, FactId::kCause, facts.cause()));
  TEILHABE_RETURN_IF_ERROR(TakeSet(to, FactId::kDisability, facts.disability()));
  TEILHABE_RETURN_IF_ERROR(TakeSet(to, FactId::kRvExclusion, facts.rv_exclusion()));
  TEILHABE_RETURN_IF_ERROR(TakeSet(to, FactId::kExclusion219, facts.exclusion_219()));
  TEILHABE_RETURN_IF_ERROR(TakeSet(to, FactId::kReturnFrom, facts.return_from()));
  if (facts.has_application_day()) {
    TEILHABE_RETURN_IF_ERROR(TakeDay(to, FactId::kApplicationDay, facts.application_day()));
  }
  if (facts.has_birth_date()) TEILHABE_RETURN_IF_ERROR(TakeDay(to, FactId::kBirthDate, facts.birth_date()));
  if (facts.has_insured_months())
    TEILHABE_RETURN_IF_ERROR(TakeMonths(to, FactId::kInsuredMonths, facts.insured_months()));
  if (facts.has_initial_months())
    TEILHABE_RETURN_IF_ERROR(TakeMonths(to, FactId::kInitialMonths, facts.initial_months()));
  const auto take_yes_no = [&to](FactId fact, bool given, bool value) {
    if (given) to.SetRaw(fact, value ? 1 : 0);
  };
  take_yes_no(FactId::kYoungAdultHelp, facts.has_young_adult_help(), facts.young_adult_help());
  take_yes_no(FactId::kRvPersonal, facts.has_rv_personal(), facts.rv_personal());
  take_yes_no(FactId::kEmPension, facts.has_em_pension(), facts.em_pension());
  take_yes_no(FactId::kEmPensionImminent, facts.has_em_pension_imminent(), facts.em_pension_imminent());
  take_yes_no(FactId::kLabourMarketPrognosis, facts.has_labour_market_prognosis(), facts.labour_market_prognosis());
  take_yes_no(FactId::kSurvivorPension, facts.has_survivor_pension(), facts.survivor_pension());
  take_yes_no(FactId::kApplicationMade, facts.has_application_made(), facts.application_made());
  take_yes_no(FactId::kTeilhabeplan, facts.has_teilhabeplan(), facts.teilhabeplan());
  take_yes_no(FactId::kGesamtplan, facts.has_gesamtplan(), facts.gesamtplan());
  take_yes_no(FactId::kSeveralTraeger, facts.has_several_traeger(), facts.several_traeger());
  take_yes_no(FactId::kFachausschuss, facts.has_fachausschuss(), facts.fachausschuss());
  take_yes_no(FactId::kNeedsDetermined, facts.has_needs_determined(), facts.needs_determined());
  take_yes_no(FactId::kPersonenkreis, facts.has_personenkreis(), facts.personenkreis());
  take_yes_no(FactId::kBetterAccess, facts.has_better_access(), facts.better_access());
  take_yes_no(FactId::kMindestmass, facts.has_mindestmass(), facts.mindestmass());
  take_yes_no(FactId::kMindestmassLow, facts.has_mindestmass_low(), facts.mindestmass_low());
  take_yes_no(FactId::kReasonedPrognosis, facts.has_reasoned_prognosis(), facts.reasoned_prognosis());
  take_yes_no(FactId::kEvDone, facts.has_ev_done(), facts.ev_done());
  take_yes_no(FactId::kBbbDone, facts.has_bbb_done(), facts.bbb_done());
  take_yes_no(FactId::kBbbStatement, facts.has_bbb_statement(), facts.bbb_statement());
  take_yes_no(FactId::kLabourMarketAbility, facts.has_labour_market_ability(), facts.labour_market_ability());
  take_yes_no(FactId::kLabourMarketTraining, facts.has_labour_market_training(), facts.labour_market_training());
  take_yes_no(FactId::kVeryHighNeed, facts.has_very_high_need(), facts.very_high_need());
  take_yes_no(FactId::kTwoYearsMayNotFit, facts.has_two_years_may_not_fit(), facts.two_years_may_not_fit());
  take_yes_no(FactId::kBasismodul, facts.has_basismodul(), facts.basismodul());
  take_yes_no(FactId::kAgeLimitReached, facts.has_age_limit_reached(), facts.age_limit_reached());
  TEILHABE_RETURN_IF_ERROR(TakeText(to, FactId::kFirstApplication, facts.first_application(), reference));
  TEILHABE_RETURN_IF_ERROR(TakeText(to, FactId::kSgb12Place, facts.sgb12_place(), reference));
  TEILHABE_RETURN_IF_ERROR(TakeText(to, FactId::kDrvAccount, facts.drv_account(), reference));
  TEILHABE_RETURN_IF_ERROR(TakeText(to, FactId::kAreaNumber, facts.area_number(), reference));
  TEILHABE_RETURN_IF_ERROR(TakeText(to, FactId::kAccidentInsurer, facts.accident_insurer(), reference));
  return to;
}

teilhabe::law::v1::Facts ToProto(const law::Facts& facts, const reference::Reference& reference) {
  namespace v1 = teilhabe::law::v1;
  v1::Facts to;
  GiveSet(facts, FactId::kCause, [&to](int value) { to.add_cause(static_cast<v1::Cause>(value)); });
  GiveSet(facts, FactId::kDisability, [&to](int value) { to.add_disability(static_cast<v1::Disability>(value)); });
  GiveSet(facts, FactId::kRvExclusion, [&to](int value) { to.add_rv_exclusion(static_cast<v1::RvExclusion>(value)); });
  GiveSet(facts, FactId::kExclusion219,
          [&to](int value) { to.add_exclusion_219(static_cast<v1::Exclusion219>(value)); });
  GiveSet(facts, FactId::kReturnFrom, [&to](int value) { to.add_return_from(static_cast<v1::ReturnFrom>(value)); });
  const auto text = [&](FactId fact) { return law::FormatFactValue(fact, facts.Raw(fact), reference); };
  facts.known().ForEach([&](FactId fact) {
    const bool yes = facts.Raw(fact) != 0;
    switch (fact) {
      case FactId::kApplicationDay:
        *to.mutable_application_day() = ToProto(facts.Day(fact));
        break;
      case FactId::kBirthDate:
        *to.mutable_birth_date() = ToProto(facts.Day(fact));
        break;
      case FactId::kYoungAdultHelp:
        to.set_young_adult_help(yes);
        break;
      case FactId::kFirstApplication:
        to.set_first_application(text(fact));
        break;
      case FactId::kSgb12Place:
        to.set_sgb12_place(text(fact));
        break;
      case FactId::kRvPersonal:
        to.set_rv_personal(yes);
        break;
      case FactId::kInsuredMonths:
        to.set_insured_months(static_cast<int>(facts.Raw(fact)));
        break;
      case FactId::kEmPension:
        to.set_em_pension(yes);
        break;
      case FactId::kEmPensionImminent:
        to.set_em_pension_imminent(yes);
        break;
      case FactId::kLabourMarketPrognosis:
        to.set_labour_market_prognosis(yes);
        break;
      case FactId::kSurvivorPension:
        to.set_survivor_pension(yes);
        break;
      case FactId::kDrvAccount:
        to.set_drv_account(text(fact));
        break;
      case FactId::kAreaNumber:
        to.set_area_number(text(fact));
        break;
      case FactId::kAccidentInsurer:
        to.set_accident_insurer(text(fact));
        break;
      case FactId::kApplicationMade:
        to.set_application_made(yes);
        break;
      case FactId::kTeilhabeplan:
        to.set_teilhabeplan(yes);
        break;
      case FactId::kGesamtplan:
        to.set_gesamtplan(yes);
        break;
      case FactId::kSeveralTraeger:
        to.set_several_traeger(yes);
        break;
      case FactId::kFachausschuss:
        to.set_fachausschuss(yes);
        break;
      case FactId::kNeedsDetermined:
        to.set_needs_determined(yes);
        break;
      case FactId::kPersonenkreis:
        to.set_personenkreis(yes);
        break;
      case FactId::kBetterAccess:
        to.set_better_access(yes);
        break;
      case FactId::kMindestmass:
        to.set_mindestmass(yes);
        break;
      case FactId::kMindestmassLow:
        to.set_mindestmass_low(yes);
        break;
      case FactId::kReasonedPrognosis:
        to.set_reasoned_prognosis(yes);
        break;
      case FactId::kEvDone:
        to.set_ev_done(yes);
        break;
      case FactId::kBbbDone:
        to.set_bbb_done(yes);
        break;
      case FactId::kBbbStatement:
        to.set_bbb_statement(yes);
        break;
      case FactId::kLabourMarketAbility:
        to.set_labour_market_ability(yes);
        break;
      case FactId::kLabourMarketTraining:
        to.set_labour_market_training(yes);
        break;
      case FactId::kVeryHighNeed:
        to.set_very_high_need(yes);
        break;
      case FactId::kTwoYearsMayNotFit:
        to.set_two_years_may_not_fit(yes);
        break;
      case FactId::kBasismodul:
        to.set_basismodul(yes);
        break;
      case FactId::kAgeLimitReached:
        to.set_age_limit_reached(yes);
        break;
      case FactId::kInitialMonths:
        to.set_initial_months(static_cast<int>(facts.Raw(fact)));
        break;
      case FactId::kCause:
      case FactId::kDisability:
      case FactId::kRvExclusion:
      case FactId::kExclusion219:
      case FactId::kReturnFrom:
        break;  // Given above.
    }
  });
  return to;
}

}  // namespace teilhabe::rpc
