// SPDX-License-Identifier: Apache-2.0
//! Contract `env` for reqwest-retry: one POST by its middleware, with the
//! backoff that its builder gives unless it is told otherwise.
use reqwest_middleware::ClientBuilder;
use reqwest_retry::{policies::ExponentialBackoff, RetryTransientMiddleware};
use std::{env::var, error::Error, time::Duration};

async fn send() -> Result<(), Box<dyn Error>> {
    let retries = var("RETRIAL_MAX_RETRIES").unwrap_or("3".into()).parse()?;
    let policy = ExponentialBackoff::builder().build_with_max_retries(retries);
    let plain = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()?;
    let client = ClientBuilder::new(plain)
        .with(RetryTransientMiddleware::new_with_policy(policy))
        .build();
    let answer = client
        .post(var("RETRIAL_URL")?)
        .header("Content-Type", "application/json")
        .body(var("RETRIAL_BODY")?)
        .send()
        .await?;
    let status = answer.status();
    answer.bytes().await?;
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("status {status}").into())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = send().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
