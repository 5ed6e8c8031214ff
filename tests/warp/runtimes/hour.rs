// SPDX-License-Identifier: Apache-2.0
// sleep: prints how many seconds an hour took. request: sends what the contract
// env gives, and waits for the answer; its library has no HTTP.
use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let word = part.iter().fold(0, |word, byte| word << 8 | *byte as u32)
            << (8 * (3 - part.len()));
        for place in 0..4 {
            let letter = letters[(word >> (18 - 6 * place) & 63) as usize] as char;
            text.push(if place <= part.len() { letter } else { '=' });
        }
    }
    text
}

fn main() {
    if env::args().nth(1).as_deref() == Some("sleep") {
        let began = Instant::now();
        thread::sleep(Duration::from_secs(3600));
        println!("{}", began.elapsed().as_secs_f64());
        return;
    }
    let url = env::var("RETRIAL_URL").unwrap();
    let key = env::var("RETRIAL_WRITE_KEY").unwrap() + ":";
    let body = env::var("RETRIAL_BODY").unwrap();
    let (host, target) = url[7..].split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let mut answer = String::new();
    stream.set_read_timeout(Some(Duration::from_secs(7200))).unwrap();
    write!(
        stream,
        "POST /{} HTTP/1.1\r\nHost: {}\r\nAuthorization: Basic {}\r\n\
         Content-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}",
        target, host, base64(key.as_bytes()), body.len(), body
    )
    .unwrap();
    stream.read_to_string(&mut answer).unwrap();
    std::process::exit(if answer.starts_with("HTTP/1.1 200") { 0 } else { 1 });
}
