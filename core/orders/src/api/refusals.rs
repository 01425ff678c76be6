//! What every endpoint refuses in the same words, for the description of the API.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

macro_rules! refusals {
    ($($name:ident = $status:literal $description:literal),+ $(,)?) => {
        $(
            pub(super) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    BTreeMap::from([($status.to_owned(), problem($description).into())])
                }
            }
        )+
    };
}

refusals! {
    NoSuchOrder = "404" "No such order in this shop",
    ChangedMeanwhile = "412" "Somebody else changed it meanwhile",
    Senseless = "422" "Fields that make no sense, each named",
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}
