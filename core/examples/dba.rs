#[path = "evaluate_verdict/draws.rs"]
mod draws;
#[path = "evaluate_verdict/recording.rs"]
mod recording;
use draws::*;
use driftline_core::compare::*;
use driftline_core::model::*;
use recording::*;
fn main() {
    let arg = std::env::args().nth(1);
    let rec = match arg.as_deref() {
        None | Some("-") => Recording::shipped(),
        Some(p) => Recording::read(p).unwrap(),
    };
    let t = std::env::args().nth(2).unwrap_or("0.15".into());
    let policy: Policy = serde_json::from_str(&format!(r#"{{"threshold":{t}}}"#)).unwrap();
    for (label, order, history) in [
        ("random", Order::Random, draws::History::Runs(10)),
        ("row", Order::InARow, draws::History::Runs(10)),
    ] {
        let mut by = std::collections::BTreeMap::<String, usize>::new();
        let mut shown = 0;
        let mut red = 0;
        let draws = Draws {
            recording: &rec,
            order,
            history,
            builds: false,
            factor: std::env::args().nth(3).unwrap().parse().unwrap(),
            slower: Slower::All,
            seed: 1,
        }
        .take(1000, 12);
        let mut inc = 0;
        for d in &draws {
            let run = |id: String, ls: &[Vec<Sample>]| {
                Run::new(
                    RunId::new(id).unwrap(),
                    d.names
                        .iter()
                        .enumerate()
                        .map(|(i, n)| {
                            Measurement::new(
                                BenchmarkId::new(n.clone()).unwrap(),
                                Metric::wall_time(),
                                Unit::nanoseconds(),
                                Direction::Lower,
                                ls.iter().map(|l| Round::of(l[i].clone())).collect(),
                            )
                            .unwrap()
                        })
                        .collect(),
                )
            };
            let before: Vec<Run> =
                d.baseline.iter().enumerate().map(|(i, l)| run(format!("b{i}"), l)).collect();
            let after = run("a".into(), &d.candidate);
            let c = compare(
                &Side { name: "h".into(), runs: before.iter().collect() },
                &Side::of_run("c", &after),
                &policy,
            );
            if c.summary.regressed > 0 {
                red += 1;
            }
            inc += c.summary.inconclusive;
            for r in &c.benchmarks {
                if r.verdict != Verdict::Regressed {
                    *by.entry(
                        r.id.split('/')
                            .take(if arg.is_some() { 2 } else { 1 })
                            .collect::<Vec<_>>()
                            .join("/"),
                    )
                    .or_default() += 1;
                    if shown < 25 {
                        shown += 1;
                        let f = |v: &[f64]| {
                            let m = v.iter().cloned().fold(f64::MAX, f64::min);
                            let _ = m;
                            v.iter()
                                .map(|x| format!("{:.0}", 100.0 * (x / r.baseline.unwrap()).ln()))
                                .collect::<Vec<_>>()
                                .join(" ")
                        };
                        println!(
                            "{label} {} ch {:.3} int {:.3?} p {:.2e} q {:.2e} nf {:.3} | {} | {}",
                            r.id,
                            r.change.unwrap(),
                            r.interval.unwrap(),
                            r.p_value.unwrap(),
                            r.q_value.unwrap(),
                            r.noise_floor.unwrap(),
                            f(&r.baseline_figures.as_ref().unwrap().launches),
                            f(&r.candidate_figures.as_ref().unwrap().launches)
                        );
                    }
                }
            }
        }
        println!("{label} red {red}/1000 inconclusive per suite {:.2} {by:?}", inc as f64 / 1000.0);
    }
}
