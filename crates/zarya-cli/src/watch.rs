//! Watching a long run: a bar on stderr when it is a terminal, Ctrl-C, and the clock.

use crate::output::Failure;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use zarya::Control;

/// Set by Ctrl-C. The second one ends the process at once.
static STOP: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl-C was pressed.
pub(crate) fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Asks a question that may take long, watched until it is answered.
pub(crate) fn watched<T, E>(
    quiet: bool,
    ask: impl FnOnce(&Control<'_>) -> Result<T, E>,
) -> Result<T, Failure>
where
    Failure: From<E>,
{
    let watch = Watch::start(quiet)?;
    Ok(ask(&watch.control(None))?)
}

/// A run that is being watched.
pub(crate) struct Watch {
    bar: ProgressBar,
    show: Box<dyn Fn(&'static str, u64, u64) + Sync + Send>,
    began: Instant,
}

impl Watch {
    /// Begins to watch: from now on Ctrl-C stops at the next world.
    pub(crate) fn start(quiet: bool) -> Result<Self, Failure> {
        let handled = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        if let Err(error) = handled
            && !matches!(error, ctrlc::Error::MultipleHandlers)
        {
            return Err(Failure::Io(format!("Ctrl-C cannot be watched: {error}")));
        }
        // Hidden by itself when stderr is no terminal.
        let target =
            if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = "{msg:22} {bar:30} {human_pos}/{human_len}  {per_sec}  {eta} left";
        bar.set_style(
            ProgressStyle::with_template(style)
                .map_err(|error| Failure::Io(format!("progress: {error}")))?
                .progress_chars("=> "),
        );
        let shown = bar.clone();
        let last = Mutex::new(None);
        let show = move |stage: &'static str, done: u64, total: u64| {
            let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if *last != Some(stage) {
                *last = Some(stage);
                shown.set_message(stage);
                shown.set_position(0);
                shown.reset();
                shown.enable_steady_tick(Duration::from_millis(250));
            }
            shown.set_length(total);
            // Worlds finish in any order; the bar never runs back.
            if shown.position() < done {
                shown.set_position(done);
            }
        };
        Ok(Self { bar, show: Box::new(show), began: now() })
    }

    /// Returns how a question is watched and stopped, on so many threads or on all.
    pub(crate) fn control(&self, threads: Option<u32>) -> Control<'_> {
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = threads.map_or_else(all, |n| n as usize);
        Control { stop: &STOP, progress: &*self.show, threads }
    }

    /// Returns the seconds since it began.
    pub(crate) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line may read the clock")]
fn now() -> Instant {
    Instant::now()
}
