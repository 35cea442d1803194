//! `/sim/openapi.json`: the control API described, from the routes themselves.

use std::sync::LazyLock;

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, InfoBuilder, OpenApi, Ref, RefOr, ResponseBuilder, ServerBuilder};
use utoipa::{PartialSchema as _, ToSchema as _};

use super::answers::Refusal;

/// Made once: it does not change while the program runs.
static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(document);

/// This document.
#[utoipa::path(get, path = "/sim/openapi.json", tag = "world", responses((status = 200, body = Object)))]
pub(super) async fn openapi() -> axum::Json<&'static OpenApi> {
    axum::Json(&DOCUMENT)
}

fn document() -> OpenApi {
    let mut api = super::table().into_openapi();
    api.info = InfoBuilder::new()
        .title("Control API of discord-sim")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "What a person, an administrator or nobody at all could do in the simulated world: act as a user, read what \
             they see, move time, let things go wrong, watch. It needs no login and answers this machine only. Ids are \
             strings; times are RFC 3339 in UTC. Objects of Discord stand as Discord writes them.",
        ))
        .build();
    api.servers = Some(vec![ServerBuilder::new().url("/").build()]);
    let schemas = &mut api.components.get_or_insert_default().schemas;
    schemas.insert(Refusal::name().into_owned(), Refusal::schema());
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        let refused = ResponseBuilder::new()
            .description("Refused, in Discord's form of error.")
            .content(
                "application/json",
                ContentBuilder::new()
                    .schema(Some(RefOr::Ref(Ref::from_schema_name(Refusal::name()))))
                    .build(),
            );
        operation
            .responses
            .responses
            .insert("default".to_owned(), refused.build().into());
    }
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        item.get.as_mut(),
        item.post.as_mut(),
        item.put.as_mut(),
        item.patch.as_mut(),
        item.delete.as_mut(),
    ]
    .into_iter()
    .flatten()
}
