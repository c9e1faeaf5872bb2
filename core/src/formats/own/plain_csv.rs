//! The plain CSV: one value a line, under a header with `benchmark` (or `name`) and `value`.
//!
//! - Lines of one benchmark and metric in one run and round are its sample, in the file's order;
//!   `iterations` says over how many iterations a value was averaged.
//! - Where `statistic` says `median` or `mean`, the value is no raw one but a figure of its round, of
//!   which nothing else need be known. The columns `n`, `median`, `mean`, `std_dev`, `minimum`,
//!   `lower_quartile`, `upper_quartile`, `maximum`, `low` and `tail` are the round's figures; it is
//!   enough that one of its lines has them. With figures, a line needs no value. Beside raw values they
//!   go before what is computed of those; with `n` and a median or mean, nothing is computed.
//! - Without `run` the file is one run, named after its content. Runs stay in the file's order;
//!   rounds are ordered by their number.
//! - `commit`, `order`, `branch`, `dirty`, `time`, `machine` and `toolchain` belong to the run, and
//!   `unit`, `better` and `executable` to the benchmark's metric: lines that contradict each other are
//!   an error; an empty cell of a run's column says nothing.
//! - `details` is what else is known of the run, as a `driftline-run/1` without its measurements: what
//!   the export writes into the run's first line. The other columns go before it.
//! - The unit is `ns` unless given; in a line that gives its `metric` and its `statistic`, none.
//! - The metric is `wall_time` unless named, but a metric whose unit is no time is then named after
//!   its unit: bytes are no elapsed time.
//! - A value that is missing, infinite or not a number spoils the benchmark's metric in that run,
//!   which is then skipped with the reason. A cell that cannot be read at all spoils the file: the
//!   columns may be shifted.

use std::collections::BTreeMap;

use super::super::content::Content;
use super::super::{Format, FormatError, Reading};
use super::csv_draft::{RunDraft, UnitsNamed};
use super::csv_table::{CsvColumn, Table};
use crate::model::RunId;

/// Reads a whole file, already decoded.
pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let Content { file, text, .. } = content;
    let mut table = Table::new(file.name, text)?;
    let one_run = !table.has(CsvColumn::Run);
    let mut drafts: Vec<RunDraft> = Vec::new();
    let mut positions = BTreeMap::<String, u64>::new();
    let mut named_after_unit = UnitsNamed::new();
    // The lines of a run mostly follow each other.
    let mut last = (String::new(), None::<usize>);
    while let Some(row) = table.next()? {
        let name = match row.cell(CsvColumn::Run) {
            Some(name) => name,
            None if one_run => "",
            None => {
                let problem = "is empty: name the run on every line".to_owned();
                return Err(row.error(CsvColumn::Run, problem));
            }
        };
        if last.1.is_none() || last.0 != name {
            let known = positions.get(name).and_then(|position| usize::try_from(*position).ok());
            let position = known.unwrap_or(drafts.len());
            if known.is_none() {
                positions.insert(name.to_owned(), position as u64);
                let id = if one_run { Ok(RunId::of_content(file.bytes)) } else { RunId::new(name) };
                let id = id.map_err(|error| row.error(CsvColumn::Run, error.to_string()))?;
                drafts.push(RunDraft::new(id));
            }
            last = (name.to_owned(), Some(position));
        }
        if let Some(draft) = last.1.and_then(|position| drafts.get_mut(position)) {
            draft.add(&row, &mut named_after_unit)?;
        }
    }
    let mut notes = Vec::new();
    if drafts.is_empty() {
        notes.push("no line behind the header".to_owned());
    }
    notes.extend(named_after_unit.iter().map(|(unit, line)| {
        format!("line {line}: the unit {unit:?} is no time, so its metric is named after it")
    }));
    let runs = drafts.into_iter().map(RunDraft::finish).collect::<Result<_, _>>();
    let runs = runs.map_err(|(line, column, problem)| FormatError::CsvCell {
        file: file.name.to_owned(),
        line,
        column: column.name(),
        problem,
    })?;
    Ok(Reading { format: Format::Csv, runs, notes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{self, InputFile};
    use crate::model::{Direction, Iterations, Metric, Sample};

    fn read(text: &str) -> Result<Reading, String> {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        formats::read(&file, Some(Format::Csv)).map_err(|error| error.to_string())
    }

    #[test]
    fn lines_are_grouped_into_runs_rounds_and_samples() {
        let reading = read(
            "value,benchmark,unit,run,round,iterations,commit,order,time,machine\n\
             2,a,us,two,1,10,c2,7,2026-01-02T00:00:00Z,ci\n\
             1,a,us,one,,,,,,\n\
             3,a,us,two,2,10,,,,\n\
             4,a,us,two,1,20,c2,7,2026-01-02T01:00:00+01:00,\n",
        )
        .unwrap();
        let ids: Vec<&str> = reading.runs.iter().map(|run| run.id.as_str()).collect();
        assert_eq!(ids, ["two", "one"]);
        let two = &reading.runs[0];
        assert_eq!((two.order(), two.machine_fingerprint().as_str()), (Some(7), "ci"));
        assert_eq!(two.time.unwrap().to_string(), "2026-01-02T00:00:00Z");
        let rounds = two.measurements[0].rounds();
        let samples: Vec<&Sample> = rounds.iter().filter_map(|r| r.sample()).collect();
        assert_eq!(
            *samples[0],
            Sample::new(vec![2e3, 4e3], Iterations::Each(vec![10, 20])).unwrap()
        );
        assert_eq!(*samples[1], Sample::new(vec![3e3], Iterations::Every(10)).unwrap());
        assert_eq!(reading.runs[1].commit, None);
    }

    #[test]
    fn without_run_the_file_is_one_named_after_its_content() {
        let text = "benchmark,value\n\"a,b\",1\n c ,2.5e0\n";
        let reading = read(text).unwrap();
        assert_eq!(reading.runs[0].id, RunId::of_content(text.as_bytes()));
        let measurements = &reading.runs[0].measurements;
        assert_eq!(measurements[0].benchmark().as_str(), " c ");
        assert_eq!(measurements[1].benchmark().as_str(), "a,b");
        assert_eq!(measurements[1].metric(), &Metric::wall_time());
    }

    #[test]
    fn a_metric_that_is_no_time_is_named_after_its_unit() {
        let reading =
            read("benchmark,value,unit,better,metric\na,1,MB/s,higher,\na,2,,,\na,3,B,,heap")
                .unwrap();
        let found: Vec<(String, Direction)> = reading.runs[0]
            .measurements
            .iter()
            .map(|m| (format!("{} {}", m.metric(), m.unit()), m.better()))
            .collect();
        let (lower, higher) = (Direction::Lower, Direction::Higher);
        let expected = [("MB/s MB/s", higher), ("heap B", lower), ("wall_time ns", lower)];
        assert_eq!(found, expected.map(|(text, better)| (text.to_owned(), better)));
        assert_eq!(
            reading.notes,
            ["line 2: the unit \"MB/s\" is no time, so its metric is named after it"]
        );
    }

    #[test]
    fn a_missing_value_spoils_its_benchmark_only() {
        for (value, reason) in [
            ("", "wall_time: line 3: no value"),
            ("nan", "wall_time: line 3: the value nan is not finite"),
            ("-inf", "wall_time: line 3: the value -inf is not finite"),
            ("-2", "wall_time: line 3: a time of -2 s is negative"),
            ("1e300", "wall_time: line 3: the value 1e300 is not finite"),
        ] {
            let text = format!("benchmark,value,unit\na,1,s\na,{value},s\nb,1,s\n");
            let run = read(&text).unwrap().runs.remove(0);
            assert_eq!(run.measurements.len(), 1, "{value}");
            assert_eq!((&*run.skipped[0].name, &*run.skipped[0].reason), ("a", reason));
        }
    }

    #[test]
    fn contradictions_name_both_lines() {
        for (column, one, other) in [
            ("commit", "a", "b"),
            ("machine", "a", "b"),
            ("order", "1", "2"),
            ("time", "2026-01-02T00:00:00Z", "2026-01-02T00:00:01Z"),
        ] {
            let text = format!("benchmark,value,{column}\na,1,{one}\nb,2,\nc,3,{other}\n");
            assert_eq!(
                read(&text).unwrap_err(),
                format!(
                    "f, line 4, column `{column}`: \"{other}\" contradicts \"{one}\" on line 2: it \
                     must be the same in all lines of one run"
                )
            );
        }
        let error = read("benchmark,value,unit\na,1,ms\nb,1,s\na,1,\n").unwrap_err();
        assert!(
            error.contains("line 4, column `unit`: \"ns\" contradicts \"ms\" on line 2"),
            "{error}"
        );
        let error = read("benchmark,value,better\na,1,lower\na,1,higher\n").unwrap_err();
        assert!(error.ends_with("of one run, benchmark and metric"), "{error}");
    }

    #[test]
    fn a_cell_that_cannot_be_read_says_where_and_what_was_expected() {
        for (text, message) in [
            (
                "benchmark,value\na,\"1,5\"",
                "value`: expected a number with a decimal point and nothing else, found \"1,5\"",
            ),
            ("benchmark,value,round\na,1,x", "round`: expected a whole number, found \"x\""),
            (
                "benchmark,value,iterations\na,1,0",
                "iterations`: expected a whole number of at least 1, found 0",
            ),
            (
                "benchmark,value,time\na,1,yesterday",
                "time`: expected a time like 2026-11-23T04:40:12Z, found \"yesterday\"",
            ),
            ("benchmark,value,better\na,1,up", "better`: expected lower or higher, found \"up\""),
            ("benchmark,value,run\na,1,", "run`: is empty: name the run on every line"),
            ("benchmark,value\n,1", "benchmark`: benchmark name \"\" is empty"),
            (
                "benchmark,value,order\na,1,5",
                "order`: an order is that of a commit: expected its id in the column `commit` as \
                 well",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), format!("f, line 2, column `{message}"));
        }
    }

    #[test]
    fn a_header_alone_is_noted() {
        let reading = read("benchmark,value\n").unwrap();
        assert!(reading.runs.is_empty());
        assert_eq!(reading.notes, ["no line behind the header"]);
    }

    #[test]
    fn figures_are_a_round_without_values() {
        let text = "benchmark,value,statistic,unit,n,std_dev,mean,round\n\
                    a,2,median,us,50,0.1,,1\na,3,mean,us,,,,2\nb,,,us,,0.1,4,\nc,5,,us,9,,,\n";
        let run = read(text).unwrap().runs.remove(0);
        let rounds = |at: usize| run.measurements[at].rounds();
        let first = rounds(0)[0].summary();
        assert_eq!((first.n, first.median, first.std_dev), (Some(50), Some(2e3), Some(100.0)));
        assert_eq!(first.mean, None);
        assert_eq!(rounds(0)[1].summary().mean, Some(3e3));
        assert!(rounds(0).iter().chain(rounds(1)).all(|round| round.sample().is_none()));
        assert_eq!(rounds(1)[0].summary().centre(), Some(4e3));
        // Beside a raw value they go before what would be computed of it.
        assert_eq!(rounds(2)[0].sample().map(|s| s.values().to_vec()), Some(vec![5e3]));
        assert_eq!((rounds(2)[0].summary().n, rounds(2)[0].summary().mean), (Some(9), Some(5e3)));
        let error = read("benchmark,value,n\na,1,2\na,1,3\n").unwrap_err();
        assert!(error.contains("line 3, column `n`: \"3\" contradicts \"2\""), "{error}");
        let error = read("benchmark,value,statistic\na,1,p99\n").unwrap_err();
        assert!(error.ends_with("expected value, median or mean, found \"p99\""), "{error}");
    }

    #[test]
    fn details_say_what_no_column_does() {
        let details = r#""{""format"":""driftline-run/1"",""id"":""x"",""commit"":{""id"":""c1"",
            ""subject"":""s"",""order"":4},""machine"":{""name"":""m"",""cores"":2},""settings"":
            {""quick"":true},""measurements"":[]}""#
            .replace(['\n'], " ");
        let text = format!(
            "benchmark,value,run,commit,order,branch,machine,details\na,1,r,c1,5,main,m,{details}\n"
        );
        let run = read(&text).unwrap().runs.remove(0);
        let commit = run.commit.as_ref().unwrap();
        assert_eq!((run.id.as_str(), commit.subject.as_deref()), ("r", Some("s")));
        assert_eq!((commit.order, commit.branch.as_deref()), (Some(5), Some("main")));
        assert_eq!((run.machine.unwrap().cores, run.settings.quick), (Some(2), true));
        // Of another commit or machine than the columns they say nothing of those.
        let other = read(&text.replace(",c1,5,main,m,", ",c2,5,main,n,")).unwrap().runs.remove(0);
        assert_eq!(other.commit.unwrap().subject, None);
        assert_eq!(other.machine.unwrap().name.as_deref(), Some("n"));
        let error = read("benchmark,value,details\na,1,{}\n").unwrap_err();
        assert!(error.starts_with("f, line 2, column `details`: "), "{error}");
    }

    #[test]
    fn a_name_may_have_several_lines() {
        let run = read("benchmark,value\n\"a\nb\",1\n").unwrap().runs.remove(0);
        assert_eq!(run.measurements[0].benchmark().as_str(), "a\nb");
    }
}
