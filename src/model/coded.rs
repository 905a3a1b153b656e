//! Words of files and reports that stand for a closed set of values.

/// Defines an enum whose values have a code: the word that files, plans and reports use for them.
/// `ALL` lists the values in the order of the specification.
macro_rules! coded_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $value,)+ }

        impl $name {
            /// Every value, in the order of the specification.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$value),+];

            /// Returns the word that files and reports use for it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$value => $code),+ }
            }

            /// Returns the value of that word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.code() == code)
            }
        }
    };
}

pub(crate) use coded_enum;
