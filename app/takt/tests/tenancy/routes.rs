//! Every route and method that the program answers, asked of the router itself.

use std::collections::BTreeSet;

use http::Method;
use takt_testing::TestApp;

/// A method and a template: `GET /orders/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    pub method: String,
    pub template: String,
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}

impl Route {
    pub fn is_api(&self) -> bool {
        self.template.starts_with("/api/")
    }

    /// Whether a path, without its query, is one of this template.
    pub fn takes(&self, path: &str) -> bool {
        let (mut wanted, mut given) = (self.template.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(part), Some(_)) if part.starts_with("{*") => return true,
                (Some(part), Some(found)) if part.starts_with('{') && !found.is_empty() => {}
                (Some(part), Some(found)) if part == found => {}
                _ => return false,
            }
        }
    }
}

/// The templates stand in what the router shows of itself; a method that no route knows makes each say
/// which it has.
pub async fn all(app: &TestApp) -> BTreeSet<Route> {
    let shown = format!("{:?}", app.router);
    let templates: BTreeSet<String> = shown
        .split('"')
        .filter(|text| {
            text.starts_with('/') && !text.contains(char::is_whitespace) && !text.contains("__private")
        })
        .map(str::to_owned)
        .collect();
    assert!(templates.len() > 80, "the router shows its routes otherwise now: {shown:.500}");
    let mut routes = BTreeSet::new();
    for template in templates {
        let path = template.replace("{*", "{").replace(['{', '}'], "");
        let answer = app.ask(Method::from_bytes(b"PROPFIND").expect("a method"), &path).send().await;
        let allowed = answer.header("allow").unwrap_or_default().to_owned();
        assert!(
            !allowed.is_empty(),
            "{template} does not say its methods: {} {}",
            answer.status,
            answer.text()
        );
        for method in allowed.split(',').filter(|method| *method != "HEAD") {
            routes.insert(Route { method: method.to_owned(), template: template.clone() });
        }
    }
    routes
}

/// The route that answers; a fixed word goes before a variable.
pub fn of<'r>(routes: &'r BTreeSet<Route>, method: &str, path: &str) -> Option<&'r Route> {
    let path = path.split('?').next().unwrap_or_default();
    routes
        .iter()
        .filter(|route| route.method == method && route.takes(path))
        .min_by_key(|route| route.template.matches('{').count())
}
