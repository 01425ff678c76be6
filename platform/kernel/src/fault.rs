use std::{borrow::Cow, error::Error, fmt};

pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// Why something was refused. Six kinds; only the web tier knows which status code each becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It does not exist, or the caller may not know that it does.
    Missing,
    /// It exists, but in a state that does not allow this.
    Conflict,
    /// The input makes no sense; `fields` say where.
    Invalid,
    /// The caller is known and lacks the right.
    Denied,
    /// Try again later: a busy or broken neighbour.
    Unavailable,
    /// Our own mistake. Shown without details, logged with them.
    Broken,
}

/// One refused input field. `path` is as the caller wrote it: `lines[2].quantity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub path: String,
    pub code: Cow<'static, str>,
    pub args: Vec<(Cow<'static, str>, String)>,
}

/// The one error of the house: a kind, a code whose text stands in both languages, its arguments
/// and the cause. Codes read `feature.what_is_wrong`; the texts tell a person what to do next.
pub struct Fault(Box<Inner>);

struct Inner {
    kind: Kind,
    code: Cow<'static, str>,
    args: Vec<(Cow<'static, str>, String)>,
    fields: Vec<FieldFault>,
    source: Option<Box<dyn Error + Send + Sync>>,
    retryable: bool,
}

impl Fault {
    pub fn new(kind: Kind, code: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            code: code.into(),
            args: Vec::new(),
            fields: Vec::new(),
            source: None,
            retryable: false,
        }))
    }

    pub fn missing(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Missing, code)
    }
    pub fn conflict(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, code)
    }
    pub fn invalid(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, code)
    }
    pub fn denied(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Denied, code)
    }
    pub fn unavailable(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unavailable, code)
    }
    pub fn broken(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Broken, code)
    }

    /// One refused field, for edges that find several at once; see [`Fault::from_fields`].
    pub fn field(path: impl Into<String>, code: impl Into<Cow<'static, str>>) -> Self {
        Self::from_fields(vec![FieldFault { path: path.into(), code: code.into(), args: Vec::new() }])
    }

    /// All refused fields of one input. The list must not be empty.
    pub fn from_fields(fields: Vec<FieldFault>) -> Self {
        let mut fault = Self::invalid("input.fields");
        fault.0.fields = fields;
        fault
    }

    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.0.args.push((name.into(), value.to_string()));
        self
    }

    /// Names the fields that a refusal with a code of its own is about.
    pub fn with_fields(mut self, fields: Vec<FieldFault>) -> Self {
        self.0.fields = fields;
        self
    }

    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Marks a fault that vanishes when the whole transaction runs again (serialization failure).
    pub fn retryable(mut self) -> Self {
        self.0.retryable = true;
        self
    }

    pub fn kind(&self) -> Kind {
        self.0.kind
    }
    pub fn code(&self) -> &str {
        &self.0.code
    }
    pub fn args(&self) -> &[(Cow<'static, str>, String)] {
        &self.0.args
    }
    pub fn fields(&self) -> &[FieldFault] {
        &self.0.fields
    }
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }
    pub fn is(&self, code: &str) -> bool {
        self.0.code == code
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.code)?;
        for (name, value) in &self.0.args {
            write!(f, " {name}={value}")?;
        }
        for field in &self.0.fields {
            write!(f, " [{}: {}]", field.path, field.code)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.0.kind)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}
