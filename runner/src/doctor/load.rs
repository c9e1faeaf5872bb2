use driftline_core::model::Conditions;

use super::{Consumer, Finding, Spread};

/// How many programs are named.
const NAMED: usize = 3;
/// A program that kept less than this busy is not named.
const WORTH_A_NAME: f64 = 0.02;
/// Others on fewer processors than this are the system's own background work.
const FELT_CPUS: f64 = 0.1;
/// Others on more than this share of the processors meet a benchmark in each of its rounds.
const TOO_BUSY: f64 = 0.25;

/// How busy other programs keep the processors, and which.
pub(crate) fn others(
    conditions: &Conditions,
    consumers: &[Consumer],
    processors: f64,
    spread: &Spread,
) -> Finding {
    let average = conditions.load.map(|load| format!("load average {load:.2}"));
    let Some(others) = conditions.others_cpus else {
        return match average {
            None => Finding::unknown("load"),
            Some(average) => Finding::ok("load", format!("{average}; nothing else is known")),
        };
    };
    let who = busiest(others, consumers);
    let mut found = format!("other programs kept {others:.2} of {processors} processors busy");
    if !who.is_empty() {
        found += &format!(": {}", who.join(", "));
    }
    let finding = if others < FELT_CPUS {
        Finding::ok("load", found)
    } else {
        let severity =
            if others > TOO_BUSY * processors { Finding::problem } else { Finding::note };
        severity("load", found)
            .cost(spread.said().unwrap_or_else(|| "it adds time to whatever runs beside it".into()))
            .mend("measure when they are done, or end them")
    };
    let load = conditions.load.into_iter();
    load.fold(finding.figure("others_cpus", others), |f, load| f.figure("load_average", load))
}

/// The programs that used most; what none of those seen used is told as one.
fn busiest(others: f64, consumers: &[Consumer]) -> Vec<String> {
    let mut named: Vec<String> = consumers
        .iter()
        .filter(|consumer| consumer.cpus >= WORTH_A_NAME)
        .take(NAMED)
        .map(|consumer| {
            let pid = consumer.pids.first().copied().unwrap_or_default();
            let more = match consumer.pids.len() {
                0 | 1 => String::new(),
                many => format!(" and {} more", many - 1),
            };
            format!("{} (pid {pid}{more}) {:.2}", consumer.name, consumer.cpus)
        })
        .collect();
    let unseen = others - consumers.iter().map(|consumer| consumer.cpus).sum::<f64>();
    if unseen >= FELT_CPUS {
        named.push(format!("programs too short-lived or hidden to be seen {unseen:.2}"));
    }
    named
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn told(others_cpus: Option<f64>, processors: f64, consumers: &[Consumer]) -> Finding {
        let conditions = Conditions { load: Some(1.5), others_cpus, ..Conditions::default() };
        others(&conditions, consumers, processors, &Spread::default())
    }

    #[test]
    fn the_busiest_are_named_and_the_rest_summed_up() {
        let consumer = |name: &str, pids: &[u32], cpus| Consumer {
            name: name.to_owned(),
            pids: pids.to_vec(),
            cpus,
        };
        let consumers = [
            consumer("rustc", &[9, 4, 5], 0.5),
            consumer("cc1", &[7], 0.2),
            consumer("init", &[1], 0.01),
        ];
        let finding = told(Some(0.93), 2.0, &consumers);
        assert_eq!(finding.severity, Severity::Problem);
        assert_eq!(
            finding.found,
            "other programs kept 0.93 of 2 processors busy: rustc (pid 9 and 2 more) 0.50, cc1 \
             (pid 7) 0.20, programs too short-lived or hidden to be seen 0.22"
        );
        assert!(finding.figures.contains_key("load_average"));
    }

    #[test]
    fn the_share_of_the_processors_decides() {
        let severity = |others, processors| told(others, processors, &[]).severity;
        assert_eq!(severity(Some(0.05), 2.0), Severity::Ok);
        assert_eq!(severity(Some(0.4), 2.0), Severity::Note);
        assert_eq!(severity(Some(0.6), 2.0), Severity::Problem);
        assert_eq!(severity(Some(0.6), 8.0), Severity::Note);
        assert_eq!(told(None, 2.0, &[]).found, "load average 1.50; nothing else is known");
        let nothing = others(&Conditions::default(), &[], 2.0, &Spread::default());
        assert_eq!(nothing.severity, Severity::Unknown);
    }
}
