//! What participants are shown of a plan before they are invoiced.

use std::collections::BTreeMap;

use super::*;
use crate::domain::sharing_key::PartyMeasures;
use crate::view::calculation::{SharedAmount, calculation};

#[test]
fn everybodys_share_can_be_made_anew_from_the_key_the_figures_and_the_amount_that_are_shown() {
    let book = with([]);
    let plan = plan_of(&book).unwrap();
    let [shared] = &calculation(&book, &plan)[..] else { panic!("all is shared by one key") };
    let amount_ore = Ore(80_003);
    assert_eq!(shared.amounts, [SharedAmount { name: plan.grounds[0].name.clone(), period: None, amount_ore }]);
    let measures = shared
        .members
        .iter()
        .map(|member| PartyMeasures { party: member.number.clone(), measures: member.figures.clone() });
    let division = shared.definition.share(Some(amount_ore), &measures.collect::<Vec<_>>()).unwrap();
    let anew: BTreeMap<PartyId, Ore> =
        shared.members.iter().zip(division.shares).map(|(member, share)| (member.party, share.amount)).collect();
    let planned: BTreeMap<PartyId, Ore> = plan.shares().into_iter().map(|share| (share.party, share.net_ore)).collect();
    assert_eq!(anew, planned);
    assert_eq!(shared.sources["inhabitants"].iter().collect::<Vec<_>>(), ["SSB 07459"]);
}

#[test]
fn what_is_shared_by_the_same_key_among_the_same_is_shown_once_with_its_amounts() {
    let book = with([cost(2, 2023, BY_KEY), assessed(2, contracted(60_000))]);
    let plan = plan_of(&book).unwrap();
    let [shared] = &calculation(&book, &plan)[..] else { panic!("all is shared by one key") };
    let amounts: Vec<Ore> = shared.amounts.iter().map(|amount| amount.amount_ore).collect();
    assert_eq!(amounts, [Ore(80_003), Ore(60_000)]);
}
