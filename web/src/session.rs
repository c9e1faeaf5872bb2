//! The class that the page holds in its worker.

use driftline_core::compare::{self, Comparison, Row};
use driftline_core::report;
use js_sys::{Float64Array, Object, Reflect, Uint32Array};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::held::Held;
use crate::index;
use crate::settings::{Settings, policy_of};
use crate::thrown;

/// All runs that were given, merged, in commit order; and what the core says of them.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Session {
    held: Held,
}

#[wasm_bindgen]
impl Session {
    /// One that holds nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the project's configuration says: JSON with any of `default_branch`, `window` and
    /// `acknowledged`. Other keys are passed over.
    ///
    /// # Errors
    /// When a value makes no sense; then what held before still does.
    pub fn configure(&mut self, settings: &str) -> Result<(), JsError> {
        self.held.settings = Settings::read(settings).map_err(thrown)?;
        Ok(())
    }

    /// Reads a file of driftline's own and adds its runs. `name` is for messages. A run whose id is
    /// held already is counted and passed over; a baseline is kept by its name.
    ///
    /// # Errors
    /// When there is no run in it that can be read; then nothing is added.
    pub fn add(&mut self, bytes: &[u8], name: &str) -> Result<String, JsError> {
        json(&self.held.add(name, bytes).map_err(thrown)?)
    }

    /// Adds the runs of a file of another format, which driftline-web-formats has read: `runs` as
    /// driftline writes them, `format` its format's name, `notes` what is to be known of it. Answers
    /// as `add`.
    ///
    /// # Errors
    /// When `runs` are not what driftline writes.
    #[wasm_bindgen(js_name = addRead)]
    pub fn add_read(
        &mut self,
        runs: &[u8],
        name: &str,
        format: &str,
        notes: Vec<String>,
    ) -> Result<String, JsError> {
        json(&self.held.add_read(name, runs, format, notes).map_err(thrown)?)
    }

    /// Runs, series, baselines and notes, without figures.
    pub fn index(&self) -> String {
        index::index(&self.held)
    }

    /// One series as typed arrays, an entry for each run that has it: `run` (its position in the
    /// index), `level` (the figure that is compared), `centre` (the median, which change points are
    /// of), `low`, `high` (quartiles), `rounds`, `n`; not a number where it is not known.
    ///
    /// # Errors
    /// When there is no such series.
    pub fn series(&self, id: &str, metric: &str) -> Result<Object, JsError> {
        let columns = self.held.table().columns(self.held.history.runs(), id, metric);
        let columns = columns.ok_or_else(|| {
            thrown(format!("no run that was given measured {metric:?} of {id:?}"))
        })?;
        let object = Object::new();
        for (name, values) in [("run", &columns.run), ("rounds", &columns.rounds)] {
            set(&object, name, &Uint32Array::from(values.as_slice()));
        }
        for (name, values) in [
            ("level", &columns.level),
            ("centre", &columns.centre),
            ("low", &columns.low),
            ("high", &columns.high),
            ("n", &columns.n),
        ] {
            set(&object, name, &Float64Array::from(values.as_slice()));
        }
        Ok(object)
    }

    /// The centre of every series in every run, series by series; not a number where a run does not
    /// have it.
    pub fn levels(&self) -> Float64Array {
        Float64Array::from(self.held.table().centres())
    }

    /// The raw values of one measurement: `{"rounds": [[…], …]}`, with null for a round whose values
    /// are not kept.
    ///
    /// # Errors
    /// When there is no such run, or it has no such measurement.
    pub fn sample(&self, id: &str, metric: &str, run: &str) -> Result<String, JsError> {
        #[derive(Serialize)]
        struct Rounds<'a> {
            rounds: Vec<Option<&'a [f64]>>,
        }
        let of = self.held.run(run).ok_or_else(|| thrown(format!("no run {run:?} was given")))?;
        let measurement = of
            .measurements
            .iter()
            .find(|m| m.benchmark().as_str() == id && m.metric().as_str() == metric)
            .ok_or_else(|| thrown(format!("run {run:?} did not measure {metric:?} of {id:?}")))?;
        let values = measurement
            .rounds()
            .iter()
            .map(|round| round.sample().map(driftline_core::model::Sample::values));
        json(&Rounds { rounds: values.collect() })
    }

    /// The change points, on one machine or (for an empty text) on all: what `driftline changes
    /// --format json` prints.
    pub fn changes(&self, machine: &str) -> String {
        report::changes_json(&self.held.changes(machine))
    }

    /// Sets runs against runs: what `driftline compare --format json` prints, byte for byte.
    /// `candidate`: a JSON list of run ids. `baseline`: such a list, `"history"`, or `{"baseline":
    /// name}`. Both may be `{"name": …, "runs": [ids]}`. `policy`: as for `compare`.
    ///
    /// # Errors
    /// When a run or a baseline is not held, or the policy makes no sense.
    pub fn judge(&self, candidate: &str, baseline: &str, policy: &str) -> Result<String, JsError> {
        Ok(report::comparison_json(&self.judged(candidate, baseline, policy)?))
    }

    /// What a run is compared with when nobody says.
    ///
    /// # Errors
    /// When there is no such run.
    pub fn reference(&self, candidate: &str) -> Result<String, JsError> {
        json(&self.held.reference(candidate).map_err(thrown)?)
    }

    /// Whether what was recorded with a run is what this core says of the same runs.
    ///
    /// # Errors
    /// When there is no such run.
    pub fn agreement(&self, run: &str) -> Result<String, JsError> {
        let of = self.held.run(run).ok_or_else(|| thrown(format!("no run {run:?} was given")))?;
        json(&compare::agreement(of, |id| self.held.run(id.as_str())))
    }

    /// The rule replayed over the runs made like the newest: what `driftline calibrate --format
    /// json` prints.
    ///
    /// # Errors
    /// When the policy makes no sense.
    pub fn calibrate(&self, policy: &str) -> Result<String, JsError> {
        let policy = policy_of(policy).map_err(thrown)?;
        Ok(report::calibration_json(&self.held.calibrate(&policy)))
    }

    /// Why one row of a comparison was decided so, as Markdown; the comparison by what `judge` takes.
    ///
    /// # Errors
    /// As for `judge`.
    pub fn explain(
        &self,
        candidate: &str,
        baseline: &str,
        policy: &str,
        id: &str,
        metric: &str,
    ) -> Result<String, JsError> {
        let wanted = |row: &Row| row.id == id && row.metric == metric;
        let comparison = self.judged(candidate, baseline, policy)?;
        Ok(report::explanation_markdown(&comparison, &wanted))
    }

    /// A comparison as Markdown, by what `judge` takes.
    ///
    /// # Errors
    /// As for `judge`.
    pub fn markdown(
        &self,
        candidate: &str,
        baseline: &str,
        policy: &str,
    ) -> Result<String, JsError> {
        Ok(report::comparison_markdown(&self.judged(candidate, baseline, policy)?))
    }

    /// A comparison as CSV, by what `judge` takes.
    ///
    /// # Errors
    /// As for `judge`.
    pub fn csv(&self, candidate: &str, baseline: &str, policy: &str) -> Result<String, JsError> {
        Ok(report::comparison_csv(&self.judged(candidate, baseline, policy)?))
    }
}

impl Session {
    fn judged(&self, candidate: &str, baseline: &str, policy: &str) -> Result<Comparison, JsError> {
        let policy = policy_of(policy).map_err(thrown)?;
        self.held.judge(candidate, baseline, &policy).map_err(thrown)
    }
}

fn json(value: &impl Serialize) -> Result<String, JsError> {
    serde_json::to_string(value).map_err(thrown)
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes every property.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}
