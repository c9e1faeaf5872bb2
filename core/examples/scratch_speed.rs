use driftline_core::change::analyse;
struct Instant(u64);
impl Instant {
    fn cpu() -> u64 {
        std::fs::read_to_string("/proc/self/schedstat")
            .unwrap()
            .split(" ")
            .next()
            .unwrap()
            .parse()
            .unwrap()
    }
    fn now() -> Self {
        Self(Self::cpu())
    }
    fn elapsed(&self) -> std::time::Duration {
        std::time::Duration::from_nanos(Self::cpu() - self.0)
    }
}
fn main() {
    let mut seed = 12345u64;
    let mut u = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as f64 / 9007199254740992.0
    };
    let only = std::env::args().nth(1).is_some();
    for n in if only { vec![100000] } else { vec![20usize, 100, 1000, 10000, 100000] } {
        for kind in 0..if only { 1 } else { 3 } {
            let s: Vec<f64> = (0..n)
                .map(|t| {
                    let z: f64 = (0..12).map(|_| u()).sum::<f64>() - 6.0;
                    let lev =
                        if kind == 0 { 0.0 } else { [0.0, 0.1, 0.05, 0.2, 0.12, 0.3][t * 6 / n] }
                            + if kind == 2 { 0.3 * t as f64 / n as f64 } else { 0.0 };
                    libm::exp(lev + 0.02 * z) * 1000.0
                })
                .collect();
            let reps = if only { 20 } else { (200000 / n).clamp(3, 1000) };
            let t = Instant::now();
            let mut f = 0;
            for _ in 0..reps {
                f = analyse(&s).shifts.len();
            }
            println!(
                "n {n} kind {kind} found {f} {:.3} ms",
                t.elapsed().as_secs_f64() * 1000.0 / reps as f64
            );
        }
    }
    let zig: Vec<f64> = (0..100_000_u32).map(|t| f64::from(1 + (t / 6 * 7_919) % 13)).collect();
    let t = Instant::now();
    println!("zig {} {:.1} ms", analyse(&zig).shifts.len(), t.elapsed().as_secs_f64() * 1000.0);
}
