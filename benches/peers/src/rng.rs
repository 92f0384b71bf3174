//! SplitMix64: a few lines, the same numbers on every machine and in every version.

pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// Uniform from `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// Uniform in `0..1`.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True this often.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of a list; with `skew` above 1 the first ones more often.
    pub fn pick<'a, T>(&mut self, list: &'a [T], skew: f64) -> &'a T {
        &list[((self.unit().powf(skew) * list.len() as f64) as usize).min(list.len() - 1)]
    }

    /// Spread evenly over the orders of magnitude from `low` to `high`.
    pub fn magnitude(&mut self, low: f64, high: f64) -> f64 {
        (low.ln() + self.unit() * (high.ln() - low.ln())).exp()
    }

    /// So many different numbers below `n`, ascending.
    pub fn distinct(&mut self, count: usize, n: usize) -> Vec<usize> {
        let mut found = Vec::with_capacity(count);
        while found.len() < count.min(n) {
            let next = self.below(n);
            if !found.contains(&next) {
                found.push(next);
            }
        }
        found.sort_unstable();
        found
    }

    /// The numbers below `n` in some order.
    pub fn shuffled(&mut self, n: usize) -> Vec<usize> {
        let mut list: Vec<usize> = (0..n).collect();
        for at in (1..n).rev() {
            list.swap(at, self.below(at + 1));
        }
        list
    }
}
