//! Moving from one key to another: each part divides its percentage of the amount by a key of its own.
//!
//! Grants, first amounts, floors and caps of a part's key meet that part alone, as they are written. Each part is the
//! nearest whole øre (whole kroner where a key within shares in kroner), never more than is left; the last takes what is
//! left. A part of nothing, as when a move is over, is left out with its floors.

use super::{Asked, Blend, Detail, Division, Figures, KeyDefinition, KeyError, PartOfYear, Share, Step, Unit};
use crate::domain::allocation::mirrored;
use crate::domain::money::Ore;
use crate::domain::natural::Natural;

use super::exact::nearest;

impl Blend {
    pub(super) fn share(&self, amount: Ore, figures: &Figures<'_>, asked: Asked) -> Result<Division, KeyError> {
        let nothing =
            |party: &&str| Share { party: (*party).to_owned(), amount: Ore::ZERO, percent: None, steps: Vec::new() };
        let mut shares: Vec<Share> = figures.parties.iter().map(nothing).collect();
        let (mut total, mut off_by) = (Ore::ZERO, Ore::ZERO);
        for (number, (part, (whole_ore, of_days))) in (1..).zip(self.part.iter().zip(self.parts(amount, asked.part))) {
            if part.percent.is_zero() && whole_ore == Ore::ZERO {
                continue;
            }
            let part_ore = of_days.map_or(whole_ore, |of_days| of_days.amount);
            let asked = Asked { part: of_days, ..asked };
            let division = match &part.key {
                KeyDefinition::Divide(divide) => divide.share(whole_ore, figures, asked),
                KeyDefinition::Blend(blend) => blend.share(whole_ore, figures, asked),
                KeyDefinition::Tariff(_) => Err(KeyError::TariffInBlend),
            }
            .map_err(|reason| reason.in_part(number, part))?;
            total += division.total;
            off_by += division.off_by;
            for (share, of_part) in shares.iter_mut().zip(division.shares) {
                share.amount += of_part.amount;
                if asked.detail == Detail::Steps {
                    share.steps.push(Step::Part {
                        key: division.key.clone(),
                        percent: part.percent,
                        part_ore,
                        amount_ore: of_part.amount,
                        steps: of_part.steps,
                    });
                }
            }
        }
        let key = if self.name.is_empty() { "blend" } else { &self.name };
        Ok(Division { key: key.to_owned(), shares, total, off_by })
    }

    pub(super) fn grants_off(&self, amount: Ore, part: Option<PartOfYear>) -> Ore {
        let parts = self.part.iter().zip(self.parts(amount, part));
        parts.map(|(part, (whole_ore, of_days))| part.key.grants_off(whole_ore, of_days)).sum()
    }

    /// The amount that each part divides, and what of it is for the days asked about.
    fn parts(&self, amount: Ore, part: Option<PartOfYear>) -> Vec<(Ore, Option<PartOfYear>)> {
        let wholes = self.amounts(amount);
        let Some(PartOfYear { amount, days }) = part else {
            return wholes.into_iter().map(|whole| (whole, None)).collect();
        };
        let of_days = self.amounts(amount).into_iter().map(|amount| Some(PartOfYear { amount, days }));
        wholes.into_iter().zip(of_days).collect()
    }

    /// The amount that each part divides.
    fn amounts(&self, amount: Ore) -> Vec<Ore> {
        let unit = if self.has_kroner() { Unit::Krone.ore() } else { Unit::Ore.ore() };
        let mut left = amount.0.unsigned_abs();
        let whole = Natural::from(left);
        let last = self.part.len().saturating_sub(1);
        let mut amounts = Vec::with_capacity(self.part.len());
        for (index, part) in self.part.iter().enumerate() {
            let scale = part.percent.scale();
            let numerator = &whole * &Natural::scaled(part.percent, scale);
            let denominator = &Natural::power_of_ten(scale + 2) * &Natural::from(unit);
            let part = if index == last { left } else { left.min(nearest(&numerator, &denominator) * unit) };
            left -= part;
            amounts.push(mirrored(part, amount.is_negative()));
        }
        amounts
    }

    fn has_kroner(&self) -> bool {
        self.part.iter().any(|part| match &part.key {
            KeyDefinition::Divide(divide) => divide.unit == Unit::Krone,
            KeyDefinition::Tariff(_) => false,
            KeyDefinition::Blend(blend) => blend.has_kroner(),
        })
    }
}
