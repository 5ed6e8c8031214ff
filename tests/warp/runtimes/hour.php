<?php
// SPDX-License-Identifier: Apache-2.0
// sleep: prints how many seconds an hour took. request: sends what the contract
// env gives, and waits for the answer.
if ($argv[1] === "sleep") {
    $began = hrtime(true);
    sleep(3600);
    echo (hrtime(true) - $began) / 1e9, "\n";
    exit(0);
}
$key = base64_encode(getenv("RETRIAL_WRITE_KEY") . ":");
$answer = file_get_contents(getenv("RETRIAL_URL"), false,
    stream_context_create(["http" => [
        "method" => "POST",
        "timeout" => 7200,
        "header" => "Authorization: Basic $key\r\n" .
                    "Content-Type: application/json",
        "content" => getenv("RETRIAL_BODY"),
    ]]));
exit($answer === false ? 1 : 0);
