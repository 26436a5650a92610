//! Flaws of design or make that come to light in one copy and lie in others.

use super::{Aboard, Status, Supply};
use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, note};
use zarya_units::random;

impl Supply {
    pub(crate) fn start_defects(&mut self, course: &mut Course<'_>) {
        self.defects.clear();
        self.defects.extend(course.plan.defects.iter().map(|defect| Draws::new(defect.stream)));
        for i in 0..course.plan.defects.len() {
            self.schedule_defect(course, i);
        }
    }

    fn schedule_defect(&mut self, course: &mut Course<'_>, i: usize) {
        let rate = course.world.value(course.plan.defects[i].rate_per_d);
        if rate > 0.0 {
            let u = self.defects[i].next(&course.chance.source);
            course.schedule(course.now + random::exponential(u) / rate, Kind::DefectFound, i, 0);
        }
    }

    /// A defect comes to light: no copy is used until it is known which have it, and those that do are
    /// mended one after the other.
    pub(super) fn defect_found(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        i: usize,
    ) {
        let plan = course.plan;
        let defect = &plan.defects[i];
        let stand_down_d = course.world.value(defect.stand_down_d);
        let retrofit_d = course.world.value(defect.retrofit_d);
        let share = course.world.value(defect.share);
        for kind in defect.types.iter().map(|kind| usize::from(*kind)) {
            let t = &plan.types[kind];
            let first = t.first_unit as usize;
            let (mut standing, mut flawed) = (0_u32, 0_u32);
            for u in first..first + t.installed as usize {
                // Drawn for every copy, so that one that is down moves no draw of the others.
                let has_it = self.defects[i].next(&course.chance.source) < share;
                if self.units[u].status != Status::Working {
                    continue;
                }
                standing += 1;
                flawed += u32::from(has_it);
                let turn = if has_it { f64::from(flawed) } else { 0.0 };
                self.take_out_of_use(course, aboard, u, stand_down_d + turn * retrofit_d);
            }
            note!(
                course,
                "{}: {standing} of {} copies of {} stand down for {stand_down_d:.0} days; {flawed} have it and \
                 are mended one after the other.",
                defect.name,
                t.installed,
                t.name
            );
        }
        self.schedule_defect(course, i);
    }

    /// A copy that works is out of use for so many days, and as old as before after them.
    fn take_out_of_use(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        u: usize,
        days: f64,
    ) {
        let kind = usize::from(course.plan.units[u].kind);
        self.working[kind] -= 1;
        let unit = &mut self.units[u];
        unit.status = Status::Resetting;
        unit.installation = unit.installation.wrapping_add(1);
        let installation = unit.installation;
        course.schedule(course.now + days, Kind::UnitBack, u, installation);
        aboard.resources.mark(usize::from(course.plan.types[kind].serves));
    }
}
