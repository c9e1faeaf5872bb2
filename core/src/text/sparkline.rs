/// Values as one line of block characters, the smallest lowest; a missing value is a space.
///
/// The visible span is never less than a tenth of the middle value, so that a quiet series looks
/// flat instead of like a mountain range. At most `width` characters: the newest values.
pub fn sparkline(values: &[Option<f64>], width: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = values.get(values.len().saturating_sub(width)..).unwrap_or_default();
    let known = || shown.iter().flatten().copied();
    let low = known().fold(f64::INFINITY, f64::min);
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    let middle = low / 2.0 + high / 2.0;
    let span = (high - low).max(middle.abs() / 10.0);
    let block = |value: f64| {
        if span <= 0.0 || !span.is_finite() {
            return '▄';
        }
        let bottom = middle - span / 2.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=7 before"
        )]
        let level = ((value - bottom) / span * 8.0).floor().clamp(0.0, 7.0) as usize;
        BLOCKS.get(level).copied().unwrap_or('▄')
    };
    shown.iter().map(|value| value.map_or(' ', block)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_shows_and_noise_does_not() {
        let step: Vec<_> = [100.0, 100.0, 200.0].map(Some).into();
        assert_eq!(sparkline(&step, 10), "▁▁█");
        let quiet: Vec<_> = [100.0, 100.2, 99.9].map(Some).into();
        assert_eq!(sparkline(&quiet, 10), "▄▅▄");
    }

    #[test]
    fn edges() {
        assert_eq!(sparkline(&[], 10), "");
        assert_eq!(sparkline(&[None], 10), " ");
        assert_eq!(sparkline(&[Some(0.0), Some(0.0)], 10), "▄▄");
        assert_eq!(sparkline(&[Some(1.0), Some(2.0), Some(3.0)], 2).chars().count(), 2);
        assert_eq!(sparkline(&[Some(f64::MAX), Some(-f64::MAX)], 5), "▄▄");
    }
}
