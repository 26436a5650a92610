//! Closed sets of words: an enum whose variants, names in files and meanings stand in one table.
//!
//! Whoever adds a variant adds one line; every `match` on the set that has nothing for it then
//! does not compile, and the loader, the JSON and the tables of the documentation know it already.

/// What a table of the documentation says of one variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is written in files, with the place of an id in capitals: `hazard:ID`.
    pub form: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Declares a closed set: `Variant = "word", "meaning";`, or `Variant(id "ID") = …` for one that
/// names something, written `word:that-id`.
macro_rules! closed_set {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($variant:ident $(($id:ident $place:literal))? = $word:literal, $meaning:literal;)+
        }
    ) => {
        $(#[$attribute])*
        pub enum $name {
            $(
                #[doc = $meaning]
                $variant $(($crate::closed_set::closed_set!(@text $id)))?,
            )+
        }

        impl $name {
            /// Words and meanings of all, in the order of the enum.
            pub const WORDS: &'static [$crate::closed_set::Word] = &[
                $($crate::closed_set::Word {
                    form: concat!($word $(, ":", $place)?),
                    meaning: $meaning,
                },)+
            ];

            /// Returns every variant once; those that name something name `id`.
            #[allow(unused_variables, reason = "not every set has a variant that names something")]
            pub fn every(id: &str) -> Vec<Self> {
                vec![$(Self::$variant $(($crate::closed_set::closed_set!(@own $id id)))?,)+]
            }

            /// Returns how it is written in files, with the place of an id in capitals.
            pub fn form(&self) -> &'static str {
                match self {
                    $(Self::$variant $(($crate::closed_set::closed_set!(@any $id)))? => {
                        concat!($word $(, ":", $place)?)
                    })+
                }
            }

            /// Returns what a word of the files means; `None` for one that is not known.
            pub fn parse(text: &str) -> Option<Self> {
                let (word, id) = match text.split_once(':') {
                    Some((word, id)) => (word, Some(id)),
                    None => (text, None),
                };
                $(
                    if word == $word {
                        return $crate::closed_set::closed_set!(@make id, $variant $($id)?);
                    }
                )+
                None
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text).ok_or_else(|| format!("`{text}` is not known here"))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant $(($id))? => {
                        f.write_str($word)?;
                        $(write!(f, ":{}", $id)?;)?
                    })+
                }
                Ok(())
            }
        }
    };
    (@text $id:ident) => { String };
    (@any $id:ident) => { _ };
    (@own $id:ident $given:ident) => { $given.to_owned() };
    (@make $given:ident, $variant:ident) => {
        $given.is_none().then_some(Self::$variant)
    };
    (@make $given:ident, $variant:ident $id:ident) => {
        $given.map(|id| Self::$variant(id.to_owned()))
    };
}

pub(crate) use closed_set;
