//! What of all changes is shown.

use super::document::{ChangeCounts, ChangePoint, Changes, Effect, SeriesChanges, State};
use super::events::event;

impl Changes {
    /// These without the change points that are acknowledged.
    #[must_use]
    pub fn without_acknowledged(self) -> Self {
        self.retaining(|change| change.acknowledged.is_none())
    }

    /// These with the series of some benchmarks only. What is false among them was judged over all.
    #[must_use]
    pub fn of_benchmarks(self, wanted: &dyn Fn(&str) -> bool) -> Self {
        self.of_series(&|series| wanted(&series.id))
    }

    /// These with some series only. What is false among them was judged over all.
    #[must_use]
    pub fn of_series(mut self, wanted: &dyn Fn(&SeriesChanges) -> bool) -> Self {
        let mut places = vec![None; self.series.len()];
        let mut kept = 0;
        for (series, place) in self.series.iter().zip(&mut places) {
            if wanted(series) {
                *place = Some(kept);
                kept += 1;
            }
        }
        self.series.retain(|series| wanted(series));
        for event in &mut self.events {
            event.members.retain_mut(|member| {
                let place = places.get(member.series).copied().flatten();
                member.series = place.unwrap_or_default();
                place.is_some()
            });
        }
        self.recounted()
    }

    /// These with the change points only that pass.
    #[must_use]
    pub fn retaining(mut self, wanted: impl Fn(&ChangePoint) -> bool) -> Self {
        let places: Vec<Vec<Option<usize>>> = self
            .series
            .iter_mut()
            .map(|series| {
                let mut kept = 0;
                let places = series.change_points.iter().map(|change| {
                    let place = wanted(change).then_some(kept);
                    kept += usize::from(place.is_some());
                    place
                });
                let places = places.collect();
                series.change_points.retain(&wanted);
                places
            })
            .collect();
        for event in &mut self.events {
            event.members.retain_mut(|member| {
                let place = places
                    .get(member.series)
                    .and_then(|places| places.get(member.change_point).copied().flatten());
                member.change_point = place.unwrap_or_default();
                place.is_some()
            });
        }
        self.recounted()
    }

    /// Events told anew of the members they have left, and everything counted anew.
    pub(super) fn recounted(mut self) -> Self {
        let (series, axis) = (&self.series, &self.axis);
        let events = self.events.iter().filter_map(|old| {
            let members = old.members.iter().map(|member| (member.series, member.change_point));
            event(&members.collect::<Vec<_>>(), series, axis)
        });
        let events = events.collect();
        self.events = events;
        let changes = || self.series.iter().flat_map(|series| &series.change_points);
        let settled =
            |effect| changes().filter(|c| c.state == State::Settled && c.effect == effect).count();
        self.summary = ChangeCounts {
            series: self.series.len(),
            events: self.events.len(),
            regressions: settled(Effect::Regression),
            improvements: settled(Effect::Improvement),
            probable: changes().filter(|c| c.state == State::Probable).count(),
            drifting: self.series.iter().filter(|series| series.drift.is_some()).count(),
            acknowledged: changes().filter(|c| c.acknowledged.is_some()).count(),
        };
        self
    }
}
