//! Calendar months, counted here and not by the program under test.

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// Year.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
}

impl Month {
    /// Returns the month that lies `months` later; earlier when negative.
    pub fn plus(self, months: i64) -> Self {
        let count = self.year * 12 + self.month - 1 + months;
        Self { year: count.div_euclid(12), month: count.rem_euclid(12) + 1 }
    }

    /// Returns the number of its days.
    pub fn days(self) -> i64 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Returns `2025-10`.
    pub fn text(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// Returns `2025年10月`, as platforms name a bill.
    pub fn chinese(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }

    /// Returns `2025-10-05`; a day beyond the month belongs to the next.
    pub fn day(self, day: i64) -> String {
        if day > self.days() {
            return self.plus(1).day(day - self.days());
        }
        format!("{}-{day:02}", self.text())
    }

    /// Returns `2025-10-31`.
    pub fn last_day(self) -> String {
        self.day(self.days())
    }

    /// Returns `2025-10-05 09:30:00`.
    pub fn at(self, day: i64, hour: i64, minute: i64) -> String {
        format!("{} {hour:02}:{minute:02}:00", self.day(day))
    }
}
