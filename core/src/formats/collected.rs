use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;

use super::content::Content;
use super::numbers::{time_factor, trimmed};
use super::{Format, Reading};
use crate::model::{
    BenchmarkId, Commit, Direction, Iterations, Machine, Measurement, MeasurementError, Metric,
    NameError, Round, Run, RunId, Sample, Skipped, Summary, Unit,
};
use crate::order;

/// What a metric is: its name, its unit as the file writes it, and which way it is better.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind<'k> {
    metric: &'k str,
    unit: &'k str,
    /// None where the file does not say and the unit does not show it.
    better: Option<Direction>,
}

impl<'k> Kind<'k> {
    /// Elapsed time.
    pub(super) fn wall_time(unit: &'k str) -> Self {
        Self::lower("wall_time", unit)
    }

    /// A rate of the benchmark's work.
    pub(super) fn throughput(unit: &'k str) -> Self {
        Self::higher("throughput", unit)
    }

    /// A metric of which less is better.
    pub(super) fn lower(metric: &'k str, unit: &'k str) -> Self {
        Self { metric, unit, better: Some(Direction::Lower) }
    }

    /// A metric of which more is better.
    pub(super) fn higher(metric: &'k str, unit: &'k str) -> Self {
        Self { metric, unit, better: Some(Direction::Higher) }
    }

    /// A metric whose direction its unit may show: rates are better when higher, what is per
    /// operation when lower.
    pub(super) fn of_unit(metric: &'k str, unit: &'k str) -> Self {
        let rates = ["/s", "/sec", "/second", "/ms", "/us", "/ns", "/min"];
        let rate = rates.iter().any(|end| unit.ends_with(end));
        let per_operation = unit.ends_with("/op") || unit.ends_with("/iter");
        let better = match () {
            () if rate => Some(Direction::Higher),
            () if per_operation || time_factor(unit).is_some() => Some(Direction::Lower),
            () => None,
        };
        Self { metric, unit, better }
    }

    /// A metric that has no name but its unit: elapsed time, or what the unit counts.
    pub(super) fn named_after_unit(unit: &'k str) -> Self {
        let metric = if time_factor(unit).is_some() { "wall_time" } else { unit };
        Self::of_unit(metric, unit)
    }

    /// The same with a direction that the file says.
    pub(super) fn better(self, better: Direction) -> Self {
        Self { better: Some(better), ..self }
    }
}

/// What a file says of one launch of a benchmark, in the unit of its [`Kind`].
#[derive(Debug, Clone)]
pub(super) enum Values {
    /// Raw values, in the order they were measured.
    Sample(Vec<f64>, Iterations),
    /// Figures alone.
    Summary(Summary),
    /// Raw values and the harness's own figures, which are kept.
    Both(Vec<f64>, Summary),
}

impl Values {
    /// A single figure: what the harness gives as the benchmark's value.
    pub(super) fn single(value: f64) -> Self {
        Self::Summary(Summary { median: Some(value), ..Summary::default() })
    }

    /// Raw values, each measured over one iteration or an unknown number of them.
    pub(super) fn sample(values: Vec<f64>) -> Self {
        Self::Sample(values, Iterations::Every(1))
    }

    fn scaled(mut self, factor: f64) -> Self {
        if let Self::Sample(values, _) | Self::Both(values, _) = &mut self {
            for value in values {
                *value *= factor;
            }
        }
        if let Self::Summary(summary) | Self::Both(_, summary) = &mut self {
            let figures = [
                &mut summary.median,
                &mut summary.mean,
                &mut summary.std_dev,
                &mut summary.minimum,
                &mut summary.lower_quartile,
                &mut summary.upper_quartile,
                &mut summary.maximum,
            ];
            for figure in figures.into_iter().flatten() {
                *figure *= factor;
            }
        }
        self
    }
}

/// Raw values, and over how many iterations each was measured.
type Raw = (Vec<f64>, Iterations);

/// Adds further raw values of the same launch.
fn append((values, iterations): &mut Raw, (more, of_more): &Raw) {
    if let Iterations::Every(n) = iterations {
        *iterations = Iterations::Each(vec![*n; values.len()]);
    }
    if let Iterations::Each(each) = iterations {
        match of_more {
            Iterations::Every(n) => each.resize(each.len() + more.len(), *n),
            Iterations::Each(more) => each.extend(more),
        }
    }
    values.extend(more);
}

fn round_of((values, iterations): Raw) -> Result<Round, String> {
    let same = match &iterations {
        Iterations::Each(each) => each.first().copied().filter(|&n| each.iter().all(|&m| m == n)),
        Iterations::Every(_) => None,
    };
    let iterations = same.map_or(iterations, Iterations::Every);
    Sample::new(values, iterations).map(Round::of).map_err(|error| error.to_string())
}

fn round_of_both(values: Vec<f64>, own: &Summary) -> Result<Round, String> {
    let round = round_of((values, Iterations::Every(1)))?;
    let mut summary = round.summary();
    for (figure, own) in [
        (&mut summary.median, own.median),
        (&mut summary.mean, own.mean),
        (&mut summary.std_dev, own.std_dev),
        (&mut summary.minimum, own.minimum),
        (&mut summary.lower_quartile, own.lower_quartile),
        (&mut summary.upper_quartile, own.upper_quartile),
        (&mut summary.maximum, own.maximum),
    ] {
        *figure = own.or(*figure);
    }
    summary.n = own.n.or(summary.n);
    Ok(round.with_summary(summary))
}

/// What was found of one entry.
#[derive(Debug)]
enum Found {
    /// Rounds as they are.
    Rounds(Vec<Round>),
    /// Raw values of one launch, to which further ones may belong.
    Open(Raw),
    Several(Box<Several>),
}

/// What was found at several places, or cannot be used.
#[derive(Debug, Default)]
struct Several {
    rounds: Vec<Round>,
    /// The last round's raw values, as long as further ones may belong to it.
    open: Option<Raw>,
    /// Why a round, the first of those, cannot be used.
    unusable: Option<String>,
}

impl Found {
    fn of(values: Values) -> Self {
        match values {
            Values::Sample(values, iterations) => Self::Open((values, iterations)),
            Values::Summary(summary) => Self::Rounds(vec![Round::summarised(summary)]),
            Values::Both(values, own) => match round_of_both(values, &own) {
                Ok(round) => Self::Rounds(vec![round]),
                Err(why) => {
                    Self::Several(Several { unusable: Some(why), ..Several::default() }.into())
                }
            },
        }
    }

    /// Adds what was found later: further values of the same launch, if both are raw and that is
    /// what they are, or else further rounds.
    fn append(&mut self, later: Self, same_launch: bool) {
        let open = match self {
            Self::Open(open) => Some(open),
            Self::Several(several) => several.open.as_mut(),
            Self::Rounds(_) => None,
        };
        match (open, later) {
            (Some(open), Self::Open(more)) if same_launch => append(open, &more),
            (_, later) => {
                let earlier = std::mem::replace(self, Self::Rounds(Vec::new()));
                let mut several: Box<Several> = earlier.into();
                several.close();
                let later: Box<Several> = later.into();
                several.rounds.extend(later.rounds);
                several.open = later.open;
                several.unusable = several.unusable.take().or(later.unusable);
                *self = Self::Several(several);
            }
        }
    }

    fn into_rounds(self) -> Result<Vec<Round>, String> {
        match self {
            Self::Rounds(rounds) => Ok(rounds),
            Self::Open(raw) => round_of(raw).map(|round| vec![round]),
            Self::Several(mut several) => {
                several.close();
                several.unusable.map_or(Ok(several.rounds), Err)
            }
        }
    }
}

impl From<Found> for Box<Several> {
    fn from(found: Found) -> Self {
        match found {
            Found::Rounds(rounds) => Several { rounds, ..Several::default() }.into(),
            Found::Open(open) => Several { open: Some(open), ..Several::default() }.into(),
            Found::Several(several) => several,
        }
    }
}

impl Several {
    /// Makes a round of the raw values.
    fn close(&mut self) {
        match self.open.take().map(round_of) {
            Some(Ok(round)) => self.rounds.push(round),
            Some(Err(reason)) => self.unusable = self.unusable.take().or(Some(reason)),
            None => {}
        }
    }
}

/// What several results of one benchmark and metric in a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeated {
    /// Values of one launch: one sample.
    Values,
    /// Results that cannot be one sample: a round each.
    Rounds,
    /// Launches, as the harness always makes them: a round each, of which nothing need be said.
    Launches,
    /// Different benchmarks that happen to have the same name: the second becomes `name #2`.
    Others,
}

#[derive(Debug)]
struct Entry {
    name: Arc<str>,
    /// The name by which it is told from another of that `name`, if it is another.
    full: Option<Rc<str>>,
    /// The position of its metric and unit in [`Collected::metrics`].
    metric: usize,
    better: Direction,
    found: Found,
}

/// A metric and its unit, which many entries share.
#[derive(Debug)]
struct MetricUnit {
    metric: String,
    named: Result<Metric, NameError>,
    /// The unit as the file writes it.
    written: String,
    unit: Unit,
    /// By what values in it are multiplied to be in that.
    factor: f64,
}

/// Among how many of the newest metrics one is looked for before it is put down again.
const METRICS_LOOKED_AT: usize = 16;

/// What was read of a file so far: every parser puts its findings here, and the rules for names
/// that are there twice, for units and for what is unusable stand here once.
#[derive(Debug)]
pub(super) struct Collected {
    format: Format,
    entries: Vec<Entry>,
    metrics: Vec<MetricUnit>,
    skipped: Vec<Skipped>,
    /// Few, each once.
    notes: Vec<String>,
    /// Metrics whose better direction is not known.
    undirected: Vec<String>,
    pub(super) time: Option<Timestamp>,
    pub(super) commit: Option<Commit>,
    pub(super) machine: Option<Machine>,
    pub(super) toolchain: Option<String>,
}

impl Collected {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            entries: Vec::new(),
            metrics: Vec::new(),
            skipped: Vec::new(),
            notes: Vec::new(),
            undirected: Vec::new(),
            time: None,
            commit: None,
            machine: None,
            toolchain: None,
        }
    }

    /// A measurement of the benchmark `name`.
    pub(super) fn add(&mut self, name: &str, kind: Kind<'_>, values: Values) {
        self.push(name, None, kind, values);
    }

    /// A measurement of the benchmark `name`, which is called `full` if the file holds another
    /// benchmark of that name: another package's, or one with other parameters.
    pub(super) fn add_told_apart(
        &mut self,
        name: &str,
        full: Rc<str>,
        kind: Kind<'_>,
        values: Values,
    ) {
        self.push(name, Some(full).filter(|full| **full != *name), kind, values);
    }

    fn push(&mut self, name: &str, full: Option<Rc<str>>, kind: Kind<'_>, values: Values) {
        if kind.better.is_none() && !self.undirected.iter().any(|known| known == kind.metric) {
            self.undirected.push(kind.metric.to_owned());
        }
        let (metric, factor) = self.metric(kind.metric, kind.unit);
        let same = factor.to_bits() == 1.0_f64.to_bits();
        let found = Found::of(if same { values } else { values.scaled(factor) });
        let better = kind.better.unwrap_or_default();
        // Metrics of one benchmark mostly follow each other.
        let before = self.entries.last().map(|entry| &entry.name);
        let name =
            before.filter(|before| ***before == *name).map_or_else(|| name.into(), Arc::clone);
        self.entries.push(Entry { name, full, metric, better, found });
    }

    /// The position of a metric with its unit, and the factor of that.
    fn metric(&mut self, metric: &str, written: &str) -> (usize, f64) {
        let begin = self.metrics.len().saturating_sub(METRICS_LOOKED_AT);
        let newest = self.metrics.get(begin..).unwrap_or_default();
        let known = newest.iter().zip(begin..).find(|(m, _)| {
            m.written.len() == written.len() && m.metric == metric && m.written == written
        });
        if let Some((known, position)) = known {
            return (position, known.factor);
        }
        let factor = time_factor(written);
        let unit = if factor.is_some() { "ns" } else { trimmed(written) };
        let (unit, factor) = (Unit::parse(unit).0, factor.unwrap_or(1.0));
        let named = Metric::new(metric);
        let (metric, written) = (metric.to_owned(), written.to_owned());
        self.metrics.push(MetricUnit { metric, named, written, unit, factor });
        (self.metrics.len() - 1, factor)
    }

    /// A benchmark that gives no measurement.
    pub(super) fn skip(&mut self, name: &str, reason: impl Into<String>) {
        let name = if name.trim().is_empty() { "(no name)" } else { name };
        self.skipped.push(Skipped { name: name.to_owned(), reason: reason.into() });
    }

    /// What a person should know about how the file was read.
    pub(super) fn note(&mut self, note: impl AsRef<str> + Into<String>) {
        if !self.notes.iter().any(|known| known == note.as_ref()) {
            self.notes.push(note.into());
        }
    }

    /// The whole file as one run, named after its content.
    pub(super) fn finish(self, content: &Content<'_>, repeated: Repeated) -> Reading {
        let id = RunId::of_content(content.file.bytes);
        self.finish_as(id, repeated)
    }

    /// One run.
    pub(super) fn finish_as(mut self, id: RunId, repeated: Repeated) -> Reading {
        self.tell_apart();
        let each_once = self.sort(repeated);
        if !self.undirected.is_empty() {
            self.notes.push(format!(
                "the file does not say which way {} is better: lower is taken to be",
                listed(&self.undirected)
            ));
        }
        let mut measurements = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            let Some(metric) = self.metrics.get(entry.metric) else { continue };
            match measurement(entry, metric) {
                Ok(measurement) => measurements.push(measurement),
                Err((name, reason)) => {
                    let reason = format!("{}: {reason}", metric.metric);
                    self.skipped.push(Skipped { name, reason });
                }
            }
        }
        if measurements.is_empty() && self.skipped.is_empty() {
            self.notes.push("no benchmark in the file".to_owned());
        }
        let mut run = Run::new(id, Vec::new());
        run.skipped = self.skipped;
        if each_once {
            run.measurements = measurements;
        } else {
            // Another name may belong elsewhere.
            run.set_measurements(measurements);
        }
        run.time = self.time;
        run.commit = self.commit;
        run.machine = self.machine.filter(|machine| *machine != Machine::default());
        run.toolchain = self.toolchain;
        Reading { format: self.format, runs: vec![run], notes: self.notes }
    }

    /// Gives benchmarks of one name their full name, where there are several of those.
    fn tell_apart(&mut self) {
        if self.entries.iter().all(|entry| entry.full.is_none()) {
            return;
        }
        // Those of one benchmark mostly follow each other.
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for entry in &self.entries {
            let pair = (&*entry.name, entry.full.as_deref().unwrap_or_default());
            if pairs.last() != Some(&pair) {
                pairs.push(pair);
            }
        }
        let mut several: Vec<Arc<str>> = Vec::new();
        for (name, _) in order::of_several(pairs) {
            several.push(name.into());
        }
        if several.is_empty() {
            return;
        }
        for entry in &mut self.entries {
            if let Some(full) = entry.full.take_if(|_| several.binary_search(&entry.name).is_ok()) {
                entry.name = full.as_ref().into();
            }
        }
    }

    /// Sorts by benchmark and metric, and joins or renames what is there several times. Whether
    /// nothing is.
    fn sort(&mut self, repeated: Repeated) -> bool {
        let ranks = ranks(&self.metrics);
        let metric = |entry: &Entry| ranks.get(entry.metric);
        let names = |a: &Entry, b: &Entry| {
            if Arc::ptr_eq(&a.name, &b.name) { Ordering::Equal } else { a.name.cmp(&b.name) }
        };
        // What is there several times stays in the file's order.
        order::sort_by_text(
            &mut self.entries,
            |entry| &entry.name,
            |a, b| metric(a).cmp(&metric(b)),
        );
        let each_once =
            self.entries.is_sorted_by(|a, b| metric(a) != metric(b) || names(a, b).is_ne());
        if !each_once {
            self.join_neighbours(repeated);
        }
        each_once
    }

    fn join_neighbours(&mut self, repeated: Repeated) {
        let metrics = &self.metrics;
        let metric = |entry: &Entry| metrics.get(entry.metric);
        let mut joined = Vec::<Entry>::with_capacity(self.entries.len());
        // The name of the newest that is not a further one, and how often it has been there.
        let (mut name, mut times) = (Arc::<str>::from(""), 0);
        let (mut again, mut first) = (0, None::<Arc<str>>);
        let mut last_again = None::<Arc<str>>;
        for mut entry in std::mem::take(&mut self.entries) {
            let of = metric(&entry);
            let before = joined.last_mut().filter(|before| {
                name == entry.name && metric(before).map(|m| &m.metric) == of.map(|m| &m.metric)
            });
            let Some(before) = before else {
                (name, times) = (Arc::clone(&entry.name), 1);
                joined.push(entry);
                continue;
            };
            times += 1;
            if last_again.as_ref() != Some(&name) {
                again += 1;
                first.get_or_insert_with(|| Arc::clone(&name));
                last_again = Some(Arc::clone(&name));
            }
            if repeated == Repeated::Others {
                entry.name = format!("{name} #{times}").into();
                joined.push(entry);
            } else if let (Some(of), Some(first)) = (of, metric(before))
                && of.unit != first.unit
            {
                let reason = format!(
                    "{}: in {} after being in {}: only the first is kept",
                    of.metric, of.unit, first.unit
                );
                self.skipped.push(Skipped { name: entry.name.to_string(), reason });
            } else {
                before.found.append(entry.found, repeated == Repeated::Values);
            }
        }
        self.entries = joined;
        if let Some(first) = first
            && repeated != Repeated::Launches
        {
            let what = match repeated {
                Repeated::Values => "their values are one sample each",
                Repeated::Rounds | Repeated::Launches => "each time is a round of its own",
                Repeated::Others => {
                    "they are kept apart as `name #2` and so on, in the file's order"
                }
            };
            self.notes.push(format!(
                "{again} benchmarks (the first is {first:?}) are there several times: {what}"
            ));
        }
    }
}

/// The measurement, or the benchmark's name and why there is none.
fn measurement(entry: Entry, of: &MetricUnit) -> Result<Measurement, (String, String)> {
    let Entry { name, better, found, .. } = entry;
    let unusable = |reason| (name.to_string(), reason);
    let metric = of.named.clone().map_err(|error| unusable(error.to_string()))?;
    let rounds = found.into_rounds().map_err(unusable)?;
    let id = BenchmarkId::new(name).map_err(|error| (error.name.clone(), error.to_string()))?;
    Measurement::new(id, metric, of.unit.clone(), better, rounds).map_err(|error| {
        let message = error.to_string();
        let (MeasurementError::NoRounds { benchmark }
        | MeasurementError::NoCentre { benchmark, .. }
        | MeasurementError::NotFinite { benchmark, .. }
        | MeasurementError::NegativeTime { benchmark, .. }) = error;
        (benchmark, message)
    })
}

/// For each metric how many names come before its own.
fn ranks(metrics: &[MetricUnit]) -> Vec<usize> {
    let mut names: Vec<&str> = metrics.iter().map(|of| &*of.metric).collect();
    order::sort_by(&mut names, Ord::cmp);
    names.dedup();
    metrics.iter().map(|of| names.partition_point(|name| *name < &*of.metric)).collect()
}

fn listed(metrics: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = metrics.iter().take(SHOWN).map(|m| format!("`{m}`")).collect();
    let more = metrics.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
