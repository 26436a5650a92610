//! Asks every room of the front door with texts and values that somebody broke.
//!
//! ```text
//! cargo run --release --manifest-path fuzz/Cargo.toml -- --seconds 600
//! ```
//!
//! Each input is a question and the texts it names, changed at random from ones that hold
//! ([`targets`]); the changes are a pure function of seed and number ([`change`]), so that an input is
//! found again by `--target NAME --seed S --only N`. An input fails when the answer panics, takes more than
//! [`SECONDS_MAX`], raises the peak of memory by more than [`BYTES_MAX`], or says `NaN` or `inf` where a
//! number stands. Inputs that fail are kept in `fuzz/failures/`, which is not checked in, and the exit status
//! is 1.

mod change;
mod targets;

use change::Changes;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use targets::{Input, Target};

/// Longest time of one input.
const SECONDS_MAX: u64 = 10;
/// Most memory that one input may take.
const BYTES_MAX: u64 = 1 << 30;

/// What the watchdog looks at: when the input at hand began, and what it is.
static BEGAN_MS: AtomicU64 = AtomicU64::new(u64::MAX);
static AT_HAND: Mutex<Option<(String, Input)>> = Mutex::new(None);
/// Inputs that failed so far.
static FAILED: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// What the last panic said.
static PANIC: Mutex<String> = Mutex::new(String::new());

struct Options {
    seconds: f64,
    inputs: u64,
    seed: u64,
    target: Option<String>,
    only: Option<u64>,
}

/// What became of the inputs of a target.
#[derive(Default)]
struct Told {
    inputs: u64,
    answered: u64,
    seconds: f64,
    slowest_s: f64,
    slowest: u64,
    failed: u64,
}

fn main() {
    let options = options().unwrap_or_else(|why| {
        eprintln!("fuzz: {why}\nusage: fuzz [--seconds S] [--inputs N] [--seed S] [--target NAME] [--only N]");
        std::process::exit(2);
    });
    std::panic::set_hook(Box::new(|info| {
        if let Ok(mut told) = PANIC.lock() {
            *told = info.to_string();
        }
    }));
    let began = Instant::now();
    std::thread::spawn(move || watch(began));
    let mut targets = targets::all();
    if let Some(name) = &options.target {
        targets.retain(|target| target.name == name);
        assert!(!targets.is_empty(), "no target of the name {name}");
    }
    let mut told: Vec<Told> = targets.iter().map(|_| Told::default()).collect();
    let mut peak = peak_bytes();
    let mut round = 0_u64;
    let mut shown = Instant::now();
    loop {
        let total: u64 = told.iter().map(|told| told.inputs).sum();
        let is_over = began.elapsed().as_secs_f64() >= options.seconds || total >= options.inputs;
        if is_over || options.only.is_some_and(|_| total > 0) {
            break;
        }
        for (target, told) in targets.iter().zip(&mut told) {
            // Rooms that compute for long are asked less often.
            if !round.is_multiple_of(target.every) {
                continue;
            }
            let number = options.only.unwrap_or(told.inputs);
            one(target, options.seed, number, began, &mut peak, told);
        }
        round += 1;
        if shown.elapsed() > Duration::from_secs(20) {
            shown = Instant::now();
            let total: u64 = told.iter().map(|told| told.inputs).sum();
            let failed: u64 = told.iter().map(|told| told.failed).sum();
            eprintln!(
                "{:5.0} s: {total} inputs, {failed} failed, peak {} MiB",
                began.elapsed().as_secs_f64(),
                peak >> 20
            );
        }
    }
    println!(
        "{:26} {:>9} {:>9} {:>9} {:>11} {:>7}",
        "target", "inputs", "answered", "us each", "slowest ms", "failed"
    );
    for (target, told) in targets.iter().zip(&told) {
        println!(
            "{:26} {:>9} {:>9} {:>9.0} {:>11.1} {:>7}",
            target.name,
            told.inputs,
            told.answered,
            1e6 * told.seconds / told.inputs.max(1) as f64,
            1e3 * told.slowest_s,
            told.failed
        );
    }
    let total: u64 = told.iter().map(|told| told.inputs).sum();
    let failed: u64 = told.iter().map(|told| told.failed).sum();
    println!(
        "{total} inputs, {failed} failed, peak memory {} MiB, seed {}, {:.0} s",
        peak >> 20,
        options.seed,
        began.elapsed().as_secs_f64()
    );
    show_failed();
    if failed > 0 {
        std::process::exit(1);
    }
}

/// Makes one input, hands it in and sees what becomes of it.
fn one(target: &Target, seed: u64, number: u64, began: Instant, peak: &mut u64, told: &mut Told) {
    let mut changes = Changes::new(seed, target.name, number);
    let input = target.input(&mut changes);
    let place = format!("{} --seed {seed} --only {number}", target.name);
    if let Ok(mut at_hand) = AT_HAND.lock() {
        *at_hand = Some((place.clone(), input.clone()));
    }
    // What it took to make the input is not its answer's.
    *peak = peak_bytes();
    let start = Instant::now();
    BEGAN_MS.store(began.elapsed().as_millis() as u64, Ordering::SeqCst);
    let result = catch_unwind(AssertUnwindSafe(|| (target.ask)(&input)));
    BEGAN_MS.store(u64::MAX, Ordering::SeqCst);
    let seconds = start.elapsed().as_secs_f64();
    told.inputs += 1;
    told.seconds += seconds;
    if told.slowest_s < seconds {
        (told.slowest_s, told.slowest) = (seconds, number);
    }
    let now = peak_bytes();
    let grown = now.saturating_sub(*peak);
    *peak = now;
    let why = match result {
        Err(_) => {
            Some(format!("panic: {}", PANIC.lock().map_or(String::new(), |told| told.clone())))
        }
        Ok(_) if BYTES_MAX < grown => Some(format!("memory grew by {} MiB", grown >> 20)),
        Ok(Some(text)) => {
            told.answered += 1;
            no_number(&text).map(|line| format!("no number: {line}"))
        }
        Ok(None) => None,
    };
    if let Some(why) = why {
        keep(&place, &input);
        told.failed += 1;
        if let Ok(mut failed) = FAILED.lock() {
            failed.push(format!("--target {place}: {why}"));
        }
    }
}

/// Prints what failed so far, the first of them.
fn show_failed() {
    if let Ok(failed) = FAILED.lock() {
        failed.iter().take(40).for_each(|failure| println!("{failure}"));
    }
}

/// Returns the line of a text that says `NaN` or `inf` where a number stands; what a file calls something
/// stands in backticks.
fn no_number(text: &str) -> Option<&str> {
    let is_one = |word: &str| {
        if word.starts_with('`') {
            return false;
        }
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word == "NaN" || word == "inf"
    };
    text.lines().find(|line| line.split_whitespace().any(is_one))
}

/// Ends the process when an input takes too long, on the clock and of the processor: a machine may be busy with
/// other things. The input is kept first.
fn watch(began: Instant) {
    let (mut input_since, mut cpu_s) = (u64::MAX, 0.0);
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let since = BEGAN_MS.load(Ordering::SeqCst);
        if since != input_since {
            (input_since, cpu_s) = (since, processor_s());
            continue;
        }
        let waited_ms = (began.elapsed().as_millis() as u64).saturating_sub(since);
        let is_slow = SECONDS_MAX * 1000 < waited_ms && SECONDS_MAX as f64 <= processor_s() - cpu_s;
        if since != u64::MAX && is_slow {
            if let Ok(at_hand) = AT_HAND.lock()
                && let Some((place, input)) = at_hand.as_ref()
            {
                keep(place, input);
                println!("--target {place}: takes more than {SECONDS_MAX} s");
            }
            show_failed();
            std::process::exit(1);
        }
    }
}

/// Writes an input that failed to where it can be looked at.
fn keep(place: &str, input: &Input) {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("failures").join(place.replace([' ', '/'], "_"));
    let written = std::fs::create_dir_all(&folder).and_then(|()| {
        std::fs::write(folder.join("question.json"), &input.question)?;
        input.texts.iter().try_for_each(|(name, bytes)| {
            std::fs::write(folder.join(name.replace('/', "_")), bytes)
        })
    });
    if let Err(error) = written {
        eprintln!("fuzz: {}: {error}", folder.display());
    }
}

/// Returns the most memory this process ever took; 0 where the system does not tell.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0)
        << 10
}

/// Returns the time of the processor this process took; infinite where the system does not tell.
fn processor_s() -> f64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, in ticks of a hundredth of a second: fields 14 and 15.
    let fields =
        status.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    let ticks: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
    if ticks.len() == 2 { (ticks[0] + ticks[1]) / 100.0 } else { f64::INFINITY }
}

fn options() -> Result<Options, String> {
    let mut options =
        Options { seconds: f64::INFINITY, inputs: u64::MAX, seed: 1, target: None, only: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
        let wrong = |_| format!("{word} {value}: not a number");
        match word.as_str() {
            "--seconds" => {
                options.seconds =
                    value.parse().map_err(|_| format!("{word} {value}: not a number"))?
            }
            "--inputs" => options.inputs = value.parse().map_err(wrong)?,
            "--seed" => options.seed = value.parse().map_err(wrong)?,
            "--only" => options.only = Some(value.parse().map_err(wrong)?),
            "--target" => options.target = Some(value),
            _ => return Err(format!("{word}: no such option")),
        }
    }
    if options.seconds.is_infinite() && options.inputs == u64::MAX {
        options.seconds = 60.0;
    }
    Ok(options)
}
