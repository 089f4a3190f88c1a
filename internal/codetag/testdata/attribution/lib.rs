//! goldthread:implements SRS-0 [[ |  | ]]

use std::fmt;

/// goldthread:implements SRS-1 [[ | Pump | ]]
#[derive(Debug, Clone)]
pub struct Pump<'a, T: Fn(u8) -> u8> where T: Copy {
    rate: &'a str, // goldthread:implements SRS-2 [[ | Pump | ]]
}

impl<'a, T> fmt::Display for Pump<'a, T> {
    // goldthread:implements SRS-3 [[ | Pump::fmt | ]]
    pub(crate) async unsafe fn fmt(&self) -> Result<(), ()>
    where
        T: Copy,
    {
        let s = S { a: 1 }; // goldthread:implements SRS-4 [[ | Pump::fmt | ]]
        match s { _ => {} }
    }
}

// goldthread:implements SRS-5 [[ | LIMIT | ]]
const LIMIT: [u8; 2] = [1, 2];

// goldthread:implements SRS-6 [[ | fixed | ]]
pub const fn fixed() {}

#[cfg(test)]
mod tests {
    // goldthread:verifies SRS-7 [[tests::starts | starts | ]]
    #[test]
    #[should_panic(expected = "x")]
    fn starts() {
        // goldthread:verifies SRS-8 [[tests::starts | starts | ]]
    }

    #[tokio::test]
    async fn stops() {} // goldthread:verifies SRS-9 [[tests::stops | stops | ]]

    // goldthread:implements SRS-10 [[ | helper | ]]
    fn helper() {}
}
