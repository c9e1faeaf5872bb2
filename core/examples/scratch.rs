use driftline_core::change::analyse;
fn main() {
    for name in std::env::args().skip(1) {
        let (mut h, mut f, mut t, mut pts) = (0, 0, 0, 0);
        for l in std::fs::read_to_string(&name).unwrap().lines() {
            let o: serde_json::Value = serde_json::from_str(l).unwrap();
            let values: Vec<f64> =
                o["values"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
            let steps: Vec<usize> = o["steps"]
                .as_array()
                .unwrap()
                .iter()
                .map(|v| v.as_u64().unwrap() as usize)
                .collect();
            let found: Vec<usize> =
                analyse(&values).shifts.iter().filter(|s| s.settled).map(|s| s.index).collect();
            if std::env::var("SHOW").is_ok() {
                println!("{steps:?} {found:?} n {}", values.len());
            }
            let mut pairs = vec![];
            for (i, a) in steps.iter().enumerate() {
                for (j, b) in found.iter().enumerate() {
                    if a.abs_diff(*b) <= 3 {
                        pairs.push((a.abs_diff(*b), i, j));
                    }
                }
            }
            pairs.sort();
            let (mut ti, mut fi) = (vec![], vec![]);
            for (_, i, j) in pairs {
                if !ti.contains(&i) && !fi.contains(&j) {
                    ti.push(i);
                    fi.push(j);
                    h += 1;
                }
            }
            f += found.len();
            t += steps.len();
            pts += values.len();
        }
        let p = h as f64 / f as f64;
        let r = h as f64 / t as f64;
        println!(
            "{name} P {p:.3} R {r:.3} F1 {:.3} false/1000 {:.2}",
            2.0 * p * r / (p + r),
            1000.0 * (f - h) as f64 / pts as f64
        );
    }
}
