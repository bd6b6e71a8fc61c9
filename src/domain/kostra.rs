//! The codes under which amounts are booked (KOSTRA), as they hold in one year.
//!
//! Source: SSB's control program for KOSTRA (functions and kinds valid 2022-2026); the table with its sources stands in
//! `config/procurements/troms-og-finnmark`. Kind 270 was parted into 271 and 272 from 2026; which of the two a conversion
//! belongs to is for the accountant to say, so both are named.

use super::party::PartyKind;

/// The first year of kinds 271 and 272.
const KIND_270_PARTED_FROM: i32 = 2026;

/// The function of a library: 370 in a municipality, 740 in a county authority.
#[must_use]
pub fn library_function(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Municipality | PartyKind::Other => "370",
        PartyKind::CountyAuthority => "740",
    }
}

/// The kind of a yearly licence, old or new: 195 Avgifter, gebyrer, lisenser og lignende.
pub const LICENCE_KIND: &str = "195";

/// The kind of VAT that is compensated: 429.
pub const COMPENSATED_VAT_KIND: &str = "429";

/// The kind of a bought service that is part of own production, such as a conversion: 270 until 2025, then parted.
#[must_use]
pub fn service_kind(year: i32) -> &'static str {
    if year < KIND_270_PARTED_FROM { "270" } else { "271/272" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_bought_service_is_parted_from_2026() {
        assert_eq!([2023, 2025, 2026, 2030].map(service_kind), ["270", "270", "271/272", "271/272"]);
    }

    #[test]
    fn libraries_of_a_county_authority_have_a_function_of_their_own() {
        let functions = [PartyKind::Municipality, PartyKind::Other, PartyKind::CountyAuthority].map(library_function);
        assert_eq!(functions, ["370", "370", "740"]);
    }
}
