use super::Side;
use crate::model::Run;

/// What makes the whole comparison less certain.
pub(super) fn warnings(baseline: &Side<'_>, candidate: &Side<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |text: String| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    for before in &baseline.runs {
        for after in &candidate.runs {
            if before == after {
                warn(format!("run {} is compared with itself", before.id));
                continue;
            }
            for difference in environment_differences(before, after) {
                warn(difference);
            }
        }
    }
    warnings
}

/// Whether the two runs are known to be of different machines.
pub(super) fn other_machine(before: &Run, after: &Run) -> bool {
    match (&before.machine, &after.machine) {
        (Some(before), Some(after)) => before.fingerprint() != after.fingerprint(),
        _ => false,
    }
}

fn environment_differences(before: &Run, after: &Run) -> Vec<String> {
    let mut found = Vec::new();
    match (&before.machine, &after.machine) {
        (Some(a), Some(b)) => {
            let parts: Vec<String> = a
                .differences(b)
                .into_iter()
                .map(|(part, a, b)| format!("{part} {a} → {b}"))
                .collect();
            if !parts.is_empty() {
                found.push(format!(
                    "the baseline was measured on another machine ({}): the difference may be the machine's",
                    parts.join("; ")
                ));
            }
        }
        (None, None) => {}
        _ => found.push(
            "the machine of one side is not known: the difference may be the machine's".to_owned(),
        ),
    }
    if let (Some(a), Some(b)) = (&before.toolchain, &after.toolchain)
        && a != b
    {
        found.push(format!(
            "the baseline was built with another toolchain ({a} → {b}): the difference may be the toolchain's"
        ));
    }
    if before.settings.quick != after.settings.quick {
        found.push(
            "one side was measured with --quick, the other in full: the two are not measured alike"
                .to_owned(),
        );
    }
    found
}
