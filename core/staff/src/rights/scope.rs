use takt_kernel::{CompanyId, OrganisationId, ShopId};

/// How far somebody sees. Every list and every lookup takes one and filters by it in SQL; what it
/// leaves out is missing, not denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One company; `shops` narrows it to those of a token.
    Company { company: CompanyId, shops: Option<Vec<ShopId>> },
    /// A desk and the companies it works for now. Lists go by the desk's own index and drop what is
    /// not among `companies`: an engagement may have ended since a row was stamped with the desk.
    Desk { desk: OrganisationId, companies: Vec<CompanyId> },
}

impl Scope {
    pub fn sees(&self, company: CompanyId) -> bool {
        self.companies().contains(&company)
    }

    pub fn sees_shop(&self, company: CompanyId, shop: ShopId) -> bool {
        self.sees(company)
            && match self {
                Self::Company { shops: Some(shops), .. } => shops.contains(&shop),
                Self::Company { shops: None, .. } | Self::Desk { .. } => true,
            }
    }

    pub fn companies(&self) -> &[CompanyId] {
        match self {
            Self::Company { company, .. } => std::slice::from_ref(company),
            Self::Desk { companies, .. } => companies,
        }
    }

    /// The companies as a list for `company_id in …`: `(17, 42)`. Ids are numbers, so they may stand
    /// in the text of a statement.
    pub fn sql_list(&self) -> String {
        let ids: Vec<String> = self.companies().iter().map(ToString::to_string).collect();
        // No company: nothing is equal to null.
        format!("({})", if ids.is_empty() { "null".to_owned() } else { ids.join(", ") })
    }
}
