//! What the texts of Linux's `/proc` say: functions of text alone. Times are in the kernel's ticks
//! (`USER_HZ`, a hundredth of a second), everywhere the same, so that shares need no unit.

mod counters;
mod cpu_times;
mod process_times;

pub(crate) use counters::counter;
pub(crate) use cpu_times::CpuTimes;
pub(crate) use process_times::ProcessTimes;
