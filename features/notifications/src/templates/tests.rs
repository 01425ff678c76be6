use super::*;

fn template(subject: &str, body: &str) -> Template {
    Template { subject: subject.to_owned(), body: body.to_owned() }
}

#[test]
fn the_templates_of_the_house_work_on_every_order() {
    for event in Event::ALL {
        for lang in Lang::ALL {
            let written = Template::of_house(event, lang).check(event, lang);
            let written = written.unwrap_or_else(|fault| panic!("{event:?} {lang}: {fault:?}"));
            assert!(written.subject.contains("1042"), "{event:?} {lang}: {written:?}");
            assert!(!written.body.contains("\n\n\n") && !written.body.contains("{{"), "{written:?}");
            let bare = Written::by_house(event, lang, &Data::bare(lang));
            assert!(bare.is_ok(), "{event:?} {lang}: {bare:?}");
        }
    }
}

#[test]
fn a_wrong_template_is_refused_with_its_line() {
    for (subject, body, path, line) in [
        ("ok", "one\n{{ order.nubmer }}", "body", "2"),
        ("ok", "one\n\n{% if order.number %}", "body", "3"),
        ("{{ order", "ok", "subject", "1"),
        ("ok", "{{ order.number|shout }}", "body", "1"),
        ("ok", "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", "body", "1"),
        // What would let a short template fill the memory; on the last the engine itself breaks.
        ("ok", "one\n{{ order.number|indent(2000000000) }}", "body", "2"),
        ("ok", "one\n{{ order.number ~ order.number }}", "body", "2"),
        ("ok", "one\n\n{% set a = order.number %}", "body", "3"),
        ("ok", "{% for a in order.lines %}\n{{ a * 2 }}{% endfor %}", "body", "2"),
        ("{{ \"%2000000000d\"|format(1) }}", "ok", "subject", "1"),
        ("ok", "{{ ()[::-1] }}", "body", "1"),
    ] {
        let refused = template(subject, body).check(Event::Paid, Lang::En);
        let fields = refused.err().map(|fault| fault.fields().to_vec()).unwrap_or_default();
        let found: Vec<_> =
            fields.iter().map(|field| (field.path.as_str(), field.args[0].1.as_str())).collect();
        assert_eq!(found, [(path, line)], "{subject:?} {body:?}: {fields:?}");
    }
    let empty = template(" ", "").check(Event::Paid, Lang::En);
    assert_eq!(empty.err().map(|fault| fault.fields().len()), Some(2));
}

/// On the stack that a thread of the server has; where it overflows, all tests of this program end.
#[test]
fn no_template_however_nested_ends_the_program() {
    let nested = |open: &str, inside: &str, close: &str| {
        let levels = (LONGEST_BODY - inside.len()) / (open.len() + close.len());
        format!("{}{inside}{}", open.repeat(levels), close.repeat(levels))
    };
    let bodies = [
        nested("{% if order.number %}", "x", "{% endif %}"),
        nested("{% for a in order.lines %}", "x", "{% endfor %}"),
        format!("{{{{ {} }}}}", nested("(", "1", ")").split_at(9_000).0),
        format!("{{{{ {}1{} }}}}", "(".repeat(4_000), ")".repeat(4_000)),
        format!("{{{{ {}true }}}}", "not ".repeat(4_000)),
        format!("{{{{ {}1 }}}}", "-".repeat(9_000)),
        format!("{{{{ 1{} }}}}", " - 1".repeat(4_000)),
        format!("{{{{ order{} }}}}", ".number".repeat(2_000)),
        format!("{{{{ order.number{} }}}}", "|upper".repeat(2_000)),
        format!("{{{{ 1{} }}}}", " if true else 1".repeat(1_000)),
        format!("{{{{ true{} }}}}", " and true".repeat(2_000)),
        format!("{{{{ 1{} }}}}", " == 1".repeat(3_000)),
    ];
    let small = std::thread::Builder::new().stack_size(2 << 20);
    let checking = small.spawn(move || {
        bodies
            .iter()
            .map(|body| template("ok", body).check(Event::Paid, Lang::En).is_ok())
            .collect::<Vec<_>>()
    });
    assert_eq!(checking.expect("a thread").join().expect("no panic").len(), 12);
}

#[test]
fn signs_in_texts_comments_and_beside_tags_are_just_signs() {
    let body = "{a, b} * [1] + {# {% set x = [1] %} #}{{ \"a, [b] \\\" *\" }} {%+ if order.number -%} ~ {%- endif +%}";
    let written = template("ok", body).check(Event::Paid, Lang::En);
    assert_eq!(written.ok().map(|written| written.body).as_deref(), Some("{a, b} * [1] + a, [b] \" * ~"));
}

#[test]
fn a_subject_is_one_line_whatever_is_put_into_it() {
    let data = Data {
        order: crate::compose::OrderData {
            number: "7\r\nBcc: all@example.org".to_owned(),
            ..Data::bare(Lang::En).order
        },
        ..Data::bare(Lang::En)
    };
    let written = template("Order {{ order.number }}\nmore", "x").write(&data);
    assert_eq!(
        written.ok().map(|written| written.subject).as_deref(),
        Some("Order 7 Bcc: all@example.org more")
    );
}

#[test]
fn what_stands_in_a_message_is_text_in_html_too() {
    let html = Written::html(
        "Hello, <script>alert(1)</script>!\nsecond\n\nthird & last",
        Lang::En,
        &Beside::default(),
    );
    let html = html.unwrap_or_else(|fault| panic!("{fault:?}"));
    assert!(html.contains("Hello, &lt;script&gt;alert(1)&lt;&#x2f;script&gt;!<br>"), "{html}");
    assert!(!html.contains("<script") && html.contains("<p>third &amp; last</p>"), "{html}");
}

#[test]
fn only_the_address_that_we_know_ourselves_becomes_a_link() {
    let page = "https://desk.example/p/abc".to_owned();
    let body = format!("See {page}!\nand https://evil.example/p/abc");
    let beside = Beside { page, papers: "<table><tr><td>7</td></tr></table>".to_owned() };
    let html = Written::html(&body, Lang::En, &beside).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!(html.matches("<a href=").count(), 1, "{html}");
    assert!(html.contains("<td>7</td>"), "{html}");
}
