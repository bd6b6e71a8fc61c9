//! `grenselos export invoice-basis|postings|saf-t`: what an accounting system takes in.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use super::{Failure, Session, day, party_today};
use crate::accounting::{self, Asked, ExportError, Known, Wanted};
use crate::app::App;
use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceRunId, PartyId};
use crate::ledger::Followed;
use crate::render::accounting::{Form, Layout, basis, described, postings};
use crate::unreadable;
use crate::whole_file;

/// What is written, and in which form.
#[derive(Debug, Subcommand)]
pub enum Exported {
    /// The lines of invoices, claims and credit notes as CSV (fakturagrunnlag).
    #[command(after_long_help = described(basis::COLUMNS))]
    InvoiceBasis(TableArguments),
    /// What is booked, as CSV: sales, VAT, what is owed, payments.
    #[command(after_long_help = described(postings::COLUMNS))]
    Postings(TableArguments),
    /// SAF-T Financial 1.30 (XML): the part of a year's books that is kept here.
    SafT(SafTArguments),
}

/// What of the books, and how a table is laid out.
#[derive(Debug, Args)]
pub struct TableArguments {
    /// The invoices of a run, by its id.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["from", "to", "issuer"])]
    run: Option<InvoiceRunId>,
    /// The first day.
    #[arg(long, value_name = "DATE", requires = "to", value_parser = unreadable::day)]
    from: Option<NaiveDate>,
    /// The last day.
    #[arg(long, value_name = "DATE", requires = "from", value_parser = unreadable::day)]
    to: Option<NaiveDate>,
    /// Whose books, where several issue: a number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    issuer: Option<String>,
    /// How the table is laid out.
    #[arg(long, value_enum, default_value_t = Laid::Excel, value_name = "LAYOUT")]
    layout: Laid,
    #[command(flatten)]
    rest: Rest,
}

/// Which days of whose books.
#[derive(Debug, Args)]
pub struct SafTArguments {
    /// The first day.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    from: NaiveDate,
    /// The last day, in the same year.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    to: NaiveDate,
    /// Whose books, where several issue: a number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    issuer: Option<String>,
    #[command(flatten)]
    rest: Rest,
}

#[derive(Debug, Args)]
struct Rest {
    /// As it was known at the end of a day, or at a milestone.
    #[arg(long, value_name = "DAY")]
    as_of: Option<String>,
    /// The file to write; standard output where none is named.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Laid {
    /// As a Norwegian Excel opens it: semicolons, decimal commas, a byte order mark.
    Excel,
    /// As programs write it: commas, decimal points.
    Plain,
}

impl From<Laid> for Layout {
    fn from(laid: Laid) -> Self {
        match laid {
            Laid::Excel => Self::Excel,
            Laid::Plain => Self::Plain,
        }
    }
}

/// What was asked, before it is known whose names are meant.
struct Question<'arguments> {
    form: Form,
    run: Option<InvoiceRunId>,
    days: Option<(NaiveDate, NaiveDate)>,
    issuer: Option<&'arguments str>,
    layout: Layout,
}

pub fn export(session: &Session, exported: &Exported) -> Result<(), Failure> {
    let (question, rest) = match exported {
        Exported::InvoiceBasis(table) => (table.question(Form::InvoiceBasis), &table.rest),
        Exported::Postings(table) => (table.question(Form::Postings), &table.rest),
        Exported::SafT(SafTArguments { from, to, issuer, rest }) => {
            let (days, issuer) = (Some((*from, *to)), issuer.as_deref());
            (Question { form: Form::SafT, run: None, days, issuer, layout: Layout::default() }, rest)
        }
    };
    let app = session.read()?;
    let issuer = question.issuer.map(|called| party_today(&app, "--issuer", called)).transpose()?;
    match &rest.as_of {
        None => answer(&app, &app.ledger.now(), None, (&question, issuer), rest.output.as_ref()),
        Some(text) => {
            let until = day(&app, text, None)?;
            let followed = app.ledger.as_of(until)?;
            answer(&app, &followed, Some(until), (&question, issuer), rest.output.as_ref())
        }
    }
}

impl TableArguments {
    fn question(&self, form: Form) -> Question<'_> {
        let days = self.from.zip(self.to);
        Question { form, run: self.run, days, issuer: self.issuer.as_deref(), layout: self.layout.into() }
    }
}

fn answer(
    app: &App,
    followed: &Followed,
    until: Option<NaiveDate>,
    (question, issuer): (&Question<'_>, Option<PartyId>),
    output: Option<&PathBuf>,
) -> Result<(), Failure> {
    let book = &followed.book;
    let wanted = match (question.run, question.days) {
        (Some(run), _) => Wanted::Run(run),
        (None, Some((from, to))) => Wanted::Days {
            period: Period::between(from, to).ok_or_else(|| {
                Failure::Asked(format!("--to {to} comes before --from {from}; give the later day as --to"))
            })?,
            issuer,
        },
        (None, None) => return Err(Failure::Asked("say what: --run RUN, or --from DATE and --to DATE".to_owned())),
    };
    let known = Known { ledger: &app.ledger, book, last: followed.position, until, damaged: &followed.damaged };
    let asked = Asked { form: question.form, wanted, layout: question.layout, written_on: app.clock.today() };
    let chart = &app.settings.accounting;
    match output {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            accounting::write(&known, chart, &asked, &mut out).map_err(|error| failed(&error))?;
            Ok(out.flush()?)
        }
        Some(path) => {
            whole_file::write_with(path, |file| {
                accounting::write(&known, chart, &asked, file).map_err(Unwritten::Asked)
            })
            .map_err(|unwritten| match unwritten {
                Unwritten::Asked(error) => failed(&error),
                Unwritten::File(error) => Failure::Fault(format!("{} could not be written: {error}", path.display())),
            })?;
            Ok(writeln!(io::stdout(), "wrote {}", path.display())?)
        }
    }
}

/// Why a file is not there.
enum Unwritten {
    Asked(ExportError),
    File(io::Error),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

fn failed(error: &ExportError) -> Failure {
    if error.lies_in_the_question() { Failure::asked(error) } else { Failure::fault(error) }
}
