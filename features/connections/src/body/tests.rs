use super::*;

const BOUNDARY: &str = "------------------------5c1f0d1e";

fn multipart(fields: &[(&str, &str)]) -> (String, Vec<u8>) {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!("--{BOUNDARY}--\r\n"));
    (format!("multipart/form-data; boundary={BOUNDARY}"), body.into_bytes())
}

fn shown(media: &str, body: &[u8]) -> Vec<(String, Option<String>)> {
    let readable = Readable::of(media, body).expect("a readable body");
    readable.fields.into_iter().map(|field| (field.name, field.text)).collect()
}

fn mended(media: &str, body: &[u8], typed: &[(usize, &str)]) -> Result<String> {
    let typed: Vec<(usize, String)> =
        typed.iter().map(|(index, text)| (*index, (*text).to_owned())).collect();
    let readable = Readable::of(media, body).expect("a readable body");
    readable.mended(body, &typed).map(|body| String::from_utf8(body).expect("text"))
}

const URLENCODED: &str = "application/x-www-form-urlencoded; charset=utf-8";
const ORDER: &str =
    r#"{"number":"12","firstName":"\u0410\u043d\u043d\u0430","sum":1.10,"items":[],"a":{"b":[1,2]}}"#;
const PRETTY: &str = "{\n  \"number\": \"12\",\n  \"firstName\": \"Анна\",\n  \"sum\": 1.10,\n  \"items\": [],\n  \
                      \"a\": {\n    \"b\": [\n      1,\n      2\n    ]\n  }\n}";

#[test]
fn fields_are_shown_decoded_and_json_indented() {
    let (media, body) = multipart(&[("site", "tea shop"), ("order", ORDER)]);
    let expected =
        [("site".to_owned(), Some("tea shop".to_owned())), ("order".to_owned(), Some(PRETTY.to_owned()))];
    assert_eq!(shown(&media, &body), expected);
    let encoded = format!("site=tea+shop&flag&order={}", urlencoded::encoded(ORDER));
    assert_eq!(shown(URLENCODED, encoded.as_bytes()), expected);
    assert_eq!(shown("application/json", ORDER.as_bytes()), [(String::new(), Some(PRETTY.to_owned()))]);
    assert_eq!(shown("text/plain", "Чай\r\n".as_bytes()), [(String::new(), Some("Чай\r\n".to_owned()))]);
}

#[test]
fn what_nobody_touched_keeps_its_bytes() {
    let (media, body) = multipart(&[("site", "tea"), ("order", ORDER), ("note", "a\r\nb")]);
    let text = String::from_utf8(body.clone()).expect("text");
    assert_eq!(mended(&media, &body, &[(0, "tea"), (1, PRETTY), (2, "a\nb")]).expect("a body"), text);
    // Browsers send both signs of a line end.
    let sent = PRETTY.replace('\n', "\r\n");
    assert_eq!(mended(&media, &body, &[(1, &sent), (2, "a\r\nb")]).expect("a body"), text);
    let changed =
        mended(&media, &body, &[(1, &PRETTY.replace("Анна", "Ольга")), (2, "a\nc")]).expect("a body");
    let order = r#"{"number":"12","firstName":"Ольга","sum":1.10,"items":[],"a":{"b":[1,2]}}"#;
    assert_eq!(changed, text.replace(ORDER, order).replace("a\r\nb", "a\r\nc"));
}

#[test]
fn an_urlencoded_body_changes_only_where_it_was_mended() {
    let order = urlencoded::encoded(ORDER);
    let body = format!("site=tea%20shop&by=&order={order}&last=%2b1");
    let changed = mended(URLENCODED, body.as_bytes(), &[(0, "tea shop"), (1, "id & больше"), (3, "+1")]);
    let expected =
        format!("site=tea%20shop&by=id+%26+%D0%B1%D0%BE%D0%BB%D1%8C%D1%88%D0%B5&order={order}&last=%2b1");
    assert_eq!(changed.expect("a body"), expected);
    assert_eq!(shown(URLENCODED, expected.as_bytes())[1].1.as_deref(), Some("id & больше"));
}

#[test]
fn what_cannot_be_put_together_is_refused_beside_its_field() {
    let (media, body) = multipart(&[("site", "tea"), ("order", ORDER)]);
    let inside = format!("a\r\n--{BOUNDARY}--");
    let fault = mended(&media, &body, &[(0, &inside), (1, "{\n\"number\": }")]).expect_err("a refusal");
    let told: Vec<(&str, &str)> = fault.fields().iter().map(|field| (&*field.path, &*field.code)).collect();
    assert_eq!(told, [("value-0", "connections.boundary_inside"), ("value-1", "connections.json_broken")]);
    assert_eq!(fault.fields()[1].args[0], ("line".into(), "2".to_owned()));
    let fault = mended(&media, &body, &[(7, "x")]).expect_err("a refusal");
    assert!(fault.is("connections.fields_changed"), "{fault}");
}

#[test]
fn broken_json_is_shown_as_it_is_and_may_be_mended_into_anything() {
    let body = b"order={\"number\":12,}";
    assert_eq!(shown(URLENCODED, body), [("order".to_owned(), Some("{\"number\":12,}".to_owned()))]);
    let expected = "order=%7B%22number%22%3A12%7D";
    assert_eq!(mended(URLENCODED, body, &[(0, "{\"number\":12}")]).expect("a body"), expected);
}

#[test]
fn what_is_no_text_is_left_alone() {
    for body in [&b"\xcf\xf0\xe8\xe2\xe5\xf2"[..], b"", b"a\0b", &[b'a'; LARGEST_MENDED + 1]] {
        assert_eq!(Readable::of("text/plain", body), None);
    }
    let readable = Readable::of(URLENCODED, b"name=%CF%F0&site=tea").expect("a readable body");
    assert_eq!(readable.fields[0].text, None);
    assert_eq!(readable.fields[0].size, 2);
    assert_eq!(
        mended(URLENCODED, b"name=%CF%F0&site=tea", &[(1, "cup")]).expect("a body"),
        "name=%CF%F0&site=cup"
    );
    assert_eq!(hex(b"a\xff b", 3), format!("000000  {:<47}  a· \n", "61 ff 20"));
}

#[test]
fn a_multipart_body_that_does_not_stand_as_its_boundary_says_is_one_text() {
    let (media, body) = multipart(&[("site", "tea")]);
    for cut in [&body[..body.len() - 20], b"--", b"nothing"] {
        let fields = shown(&media, cut);
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].0, "");
    }
    for (media, expected) in [
        ("multipart/form-data; boundary=\"a b\"", Some("a b")),
        ("multipart/form-data; charset=utf-8; Boundary=x", Some("x")),
        ("multipart/form-data", None),
    ] {
        assert_eq!(multipart::boundary(media).as_deref(), expected);
    }
}

#[test]
fn deep_json_does_not_become_a_huge_page() {
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    assert!(json::indented(&deep).is_some());
    let wide = format!("{}{}{}", "[".repeat(120), vec!["1"; 20_000].join(","), "]".repeat(120));
    assert_eq!(json::indented(&wide), None);
    assert_eq!(json::indented("[1, 2"), None);
    assert_eq!(json::indented("12"), None);
    assert_eq!(
        json::joined(" { \"a b\" : [ 1 , { } ] , \"\\\"\" : null } "),
        Ok("{\"a b\":[1,{}],\"\\\"\":null}".to_owned())
    );
}
