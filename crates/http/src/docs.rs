//! `/api/openapi.json` and the page that shows it. The document is kept compressed: it is read rarely.

use std::{io::Read, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::io::Write;
use utoipa::openapi::{
    InfoBuilder, OpenApi, OpenApiBuilder,
    security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
};
use utoipa_swagger_ui::Config;

use crate::{policy::Policy, routes::Routes};

/// Name of the security scheme.
const SCHEME: &str = "token";
/// What the page may load: its own files, and the styles that it writes into its elements.
const PAGE_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           object-src 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The description of all routes, in OpenAPI 3.1.
#[must_use]
pub(crate) fn describe(version: &str, routes: &[Routes]) -> OpenApi {
    let info = InfoBuilder::new().title("HazeBot API").version(version).description(Some(
        "Everything that the app, the panel and other programs ask of HazeBot. Ids of Discord are strings. Times are \
         RFC 3339 in UTC. Whatever is refused answers `{\"error\": \"…\"}`. Events come over Socket.IO at `/socket.io/`.",
    ));
    let mut api = OpenApiBuilder::new().info(info.build()).build();
    let components = api.components.get_or_insert_default();
    let token = SecurityScheme::Http(
        Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("From `/api/auth/login` or `/api/discord/callback`."))
            .build(),
    );
    components.add_security_scheme(SCHEME, token);
    for entry in routes.iter().flat_map(|routes| &routes.entries) {
        components.schemas.extend(entry.schemas.iter().cloned());
        for (path, item) in &entry.paths.paths {
            let mut item = item.clone();
            let policy = entry.rule.policy();
            let operations = [
                &mut item.get,
                &mut item.post,
                &mut item.put,
                &mut item.patch,
                &mut item.delete,
            ]
            .into_iter()
            .flatten();
            for operation in operations {
                let about = operation
                    .description
                    .take()
                    .map_or_else(String::new, |text| format!("{text}\n\n"));
                operation.description = Some(format!("{about}{}", policy.describe()));
                if policy != Policy::Public {
                    let none: [&str; 0] = [];
                    operation.security = Some(vec![SecurityRequirement::new(SCHEME, none)]);
                }
            }
            match api.paths.paths.get_mut(path) {
                Some(known) => known.merge_operations(item),
                None => {
                    api.paths.paths.insert(path.clone(), item);
                }
            }
        }
    }
    api
}

/// The routes of the document and of its page.
pub(crate) fn router(api: &OpenApi) -> Result<Router, std::io::Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(api.to_json().map_err(std::io::Error::other)?.as_bytes())?;
    let document = Bytes::from(encoder.finish()?);
    let config = Arc::new(
        Config::new(["/api/openapi.json"])
            .use_base_layout()
            .persist_authorization(false),
    );
    let index = Arc::clone(&config);
    Ok(Router::new()
        .route(
            "/api/openapi.json",
            get(move |headers: HeaderMap| async move { send_document(&headers, document) }),
        )
        .route("/api/docs", get(|| async { Redirect::permanent("/api/docs/") }))
        .route("/api/docs/", get(move || async move { page("", &index) }))
        .route(
            "/api/docs/{*file}",
            get(move |Path(file): Path<String>| async move { page(&file, &config) }),
        ))
}

fn send_document(headers: &HeaderMap, packed: Bytes) -> Response {
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    if gzip.is_some_and(|accepted| accepted.contains("gzip")) {
        let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        return (json, encoding, packed).into_response();
    }
    let mut plain = Vec::new();
    match GzDecoder::new(&*packed).read_to_end(&mut plain) {
        Ok(_) => (json, plain).into_response(),
        Err(error) => crate::ApiError::internal(error).into_response(),
    }
}

fn page(file: &str, config: &Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(file, Arc::clone(config)) {
        Ok(Some(file)) => {
            let kind = HeaderValue::try_from(file.content_type);
            let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
            let policy = HeaderValue::from_static(PAGE_POLICY);
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_SECURITY_POLICY, policy),
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=3600"),
                ),
            ];
            let packed = file
                .gzpipped
                .then(|| [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
            match packed {
                Some(packed) => (headers, packed, file.bytes.into_owned()).into_response(),
                None => (headers, file.bytes.into_owned()).into_response(),
            }
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => crate::ApiError::internal(error).into_response(),
    }
}
