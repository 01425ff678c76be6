//! The end of a process.

use std::{io::Write, net::TcpStream};

use crate::node::{Node, answer, prepare, serve, takt, until};

#[test]
fn an_order_that_is_being_sent_when_the_program_is_told_to_end_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut node = Node::of(folder.path());
    let request = node.order_text("late", "en");
    let (first, rest) = request.split_at(request.len() - 100);
    let mut stream = TcpStream::connect(node.address).expect("a connection");
    stream.write_all(first.as_bytes()).expect("it listens");
    until("the request runs", || node.metrics().contains("takt_http_running 1.0\n"));
    node.signal("TERM");
    until("nobody else gets in", || TcpStream::connect(node.address).is_err());
    stream.write_all(rest.as_bytes()).expect("it still listens to us");
    let taken = answer(stream);
    assert_eq!(taken.status, 201, "{}", taken.body);
    let ended = node.child.wait().expect("its end");
    assert!(ended.success(), "{ended}: {:#?}", node.log());
    let place = ["--data", folder.path().to_str().expect("a path")];
    let again = Node::start(takt(&[]).args(serve()).args(place), node.token.clone());
    assert_eq!(again.orders(), 1);
    // The tools of the place are used again, as after any restart.
    assert!(!prepare(&place).is_empty());
}

#[test]
fn a_log_that_cannot_be_written_fails_no_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut node = Node::of(folder.path());
    node.close_log();
    for count in 0..5 {
        assert_eq!(node.order(&count.to_string()).status, 201);
    }
}
