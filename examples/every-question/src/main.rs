//! Asks every question of Zarya through its front door, with two crates and no command.

use zarya::{Control, Data, Refusals, ledger};

fn main() -> Result<(), Refusals> {
    let data = Data::embedded();
    let control = Control::silent();

    let question = ledger::Question { station: Some("tiny".into()), ..Default::default() };
    println!("{}", zarya_report::ledger::text(&ledger::answer(&question, &data, &control)?));
    Ok(())
}
