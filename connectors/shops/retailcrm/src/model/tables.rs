//! The fields of the protocol's models that a shop fills, with their types.

use super::typed::Type::{self, Bool, Clock, Day, Int, Moment, Number, Part, Parts, Text, Texts};

pub(crate) const ADDRESS: &[(&str, Type)] = &[
    ("index", Text),
    ("countryIso", Text),
    ("region", Text),
    ("regionId", Int),
    ("city", Text),
    ("cityId", Int),
    ("cityType", Text),
    ("street", Text),
    ("streetId", Int),
    ("streetType", Text),
    ("building", Text),
    ("flat", Text),
    ("floor", Int),
    ("block", Int),
    ("house", Text),
    ("housing", Text),
    ("metro", Text),
    ("notes", Text),
    ("text", Text),
];

pub(crate) const CONTRAGENT: &[(&str, Type)] = &[
    ("contragentType", Text),
    ("type", Text),
    ("legalName", Text),
    ("legalAddress", Text),
    ("INN", Text),
    ("OKPO", Text),
    ("KPP", Text),
    ("OGRN", Text),
    ("OGRNIP", Text),
    ("certificateNumber", Text),
    ("certificateDate", Day),
    ("BIK", Text),
    ("bank", Text),
    ("bankAddress", Text),
    ("corrAccount", Text),
    ("bankAccount", Text),
];

pub(crate) const FIRM: &[(&str, Type)] = &[("brand", Text), ("site", Text)];

pub(crate) const CORPORATE: &[(&str, Type)] = &[
    ("managerId", Int),
    ("vip", Bool),
    ("bad", Bool),
    ("personalDiscount", Number),
    ("cumulativeDiscount", Number),
    ("discountCardNumber", Text),
    ("firstClientId", Text),
    ("lastClientId", Text),
];

pub(crate) const STORE: &[(&str, Type)] = &[
    ("name", Text),
    ("description", Text),
    ("externalId", Text),
    ("xmlId", Text),
    ("email", Text),
    ("contact", Text),
];

pub(crate) const CUSTOM_FIELD: &[(&str, Type)] = &[
    ("name", Text),
    ("code", Text),
    ("required", Bool),
    ("inFilter", Bool),
    ("inList", Bool),
    ("inGroupActions", Bool),
    ("type", Text),
    ("default", Text),
    ("ordering", Int),
    ("displayArea", Text),
    ("viewMode", Text),
    ("viewModeMobile", Text),
    ("dictionary", Text),
];

pub(crate) const MODULE: &[(&str, Type)] = &[
    ("code", Text),
    ("integrationCode", Text),
    ("active", Bool),
    ("name", Text),
    ("clientId", Text),
    ("baseUrl", Text),
    ("accountUrl", Text),
];

/// What else stands in an order as the shop gave it.
pub(crate) const ORDER: &[(&str, Type)] =
    &[("orderType", Text), ("orderMethod", Text), ("countryIso", Text), ("contragent", Part(CONTRAGENT))];

pub(crate) const DELIVERY: &[(&str, Type)] = &[
    ("integrationCode", Text),
    ("netCost", Number),
    ("date", Day),
    ("time", Part(&[("from", Clock), ("to", Clock), ("custom", Text)])),
    ("vatRate", Text),
    ("service", Part(&[("name", Text), ("code", Text), ("active", Bool)])),
    ("address", Part(ADDRESS)),
    (
        "data",
        Part(&[
            ("externalId", Text),
            ("trackNumber", Text),
            ("status", Text),
            ("locked", Bool),
            ("days", Text),
            ("cost", Number),
            ("price", Number),
            ("id", Int),
            ("pickuppointId", Text),
            ("pickuppointName", Text),
            ("pickuppointAddress", Text),
            ("pickuppointPhone", Text),
            ("pickuppointSchedule", Text),
            ("tariff", Text),
            ("tariffName", Text),
            ("payerType", Text),
        ]),
    ),
];

pub(crate) const ITEM: &[(&str, Type)] = &[
    ("externalId", Text),
    ("comment", Text),
    ("status", Text),
    ("purchasePrice", Number),
    ("priceType", Part(&[("code", Text)])),
    ("properties", Parts(&[("code", Text), ("name", Text), ("value", Text)])),
    ("createdAt", Moment),
    ("isCanceled", Bool),
];

pub(crate) const CUSTOMER: &[(&str, Type)] = &[
    ("createdAt", Moment),
    ("vip", Bool),
    ("bad", Bool),
    ("contragent", Part(CONTRAGENT)),
    ("tags", Parts(&[("name", Text), ("color", Text), ("attached", Bool)])),
    ("address", Part(ADDRESS)),
    ("sex", Text),
    ("birthday", Day),
    ("managerId", Int),
    ("browserId", Text),
    ("discountCardNumber", Text),
    (
        "source",
        Part(&[("source", Text), ("medium", Text), ("campaign", Text), ("keyword", Text), ("content", Text)]),
    ),
];

/// Of all lists of codes: a field means the same in each.
pub(crate) const REFERENCE: &[(&str, Type)] = &[
    ("id", Int),
    ("code", Text),
    ("name", Text),
    ("active", Bool),
    ("description", Text),
    ("ordering", Int),
    ("sym", Text),
    ("currency", Text),
    ("default", Bool),
    ("defaultForCrm", Bool),
    ("defaultForApi", Bool),
    ("isDynamicCostCalculation", Bool),
    ("isAutoCostCalculation", Bool),
    ("isAutoNetCostCalculation", Bool),
    ("isCostDependsOnRegionAndWeightAndSum", Bool),
    ("isCostDependsOnDateTime", Bool),
    ("defaultCost", Number),
    ("defaultNetCost", Number),
    ("integrationCode", Text),
    ("vatRate", Text),
    ("defaultTariffCode", Text),
    ("defaultTariffType", Text),
    ("defaultTariffName", Text),
    ("paymentComplete", Bool),
    ("isFromPos", Bool),
    ("cancelStatus", Bool),
    ("createdAt", Moment),
    ("orderStatusByProductStatus", Text),
    ("orderStatusForProductStatus", Text),
    ("filterExpression", Text),
    ("sites", Texts),
    ("paymentTypes", Texts),
    ("paymentStatuses", Texts),
    ("deliveryTypes", Texts),
    ("deliveryServices", Texts),
    ("deliveryType", Text),
    ("groups", Texts),
    ("deliveryPaymentTypes", Parts(&[("code", Text), ("cod", Bool)])),
    (
        "geo",
        Parts(&[("country", Text), ("regionId", Text), ("region", Text), ("cityId", Text), ("city", Text)]),
    ),
    ("integrationModule", Part(MODULE)),
];
